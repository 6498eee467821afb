"""Keys that people sign their words with: public halves, and whose they are."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from node.database import Model


class AuthorKey(Model):
    """One author key. Whose it is never changes."""

    __tablename__ = "author_key"

    #: The key id of the ledger.
    id: Mapped[str] = mapped_column(primary_key=True)
    pub: Mapped[bytes]
    #: A member, or the one case of a guest.
    owner: Mapped[UUID] = mapped_column(index=True)
    created_at: Mapped[datetime]
