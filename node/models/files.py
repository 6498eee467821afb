"""Files beside words: what is told of each here, its bytes stand in the store."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from governance.files import Media
from node.database import Encrypted, Model
from node.models.kinds import word


class Attachment(Model):
    """One file of a case, or one that waits for the words it goes with."""

    __tablename__ = "attachment"

    #: Also the name of its bytes in the store.
    id: Mapped[UUID] = mapped_column(primary_key=True)
    #: None while it waits: its key is then with whoever sent it, and not here.
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("case.id"), index=True)
    author_id: Mapped[UUID | None]
    entry_seq: Mapped[int | None]
    #: Sealed under the file's own key.
    name: Mapped[bytes] = mapped_column(Encrypted)
    media: Mapped[Media] = mapped_column(word(Media))
    size: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(index=True)
