"""Short texts that somebody at the desk keeps for themselves."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from node.database import Encrypted, Model


class Snippet(Model):
    """One short text, to begin replies with."""

    __tablename__ = "snippet"

    #: Chosen by the form or the program, so that sending twice adds once.
    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    #: Both sealed under the person's key.
    title: Mapped[bytes] = mapped_column(Encrypted)
    body: Mapped[bytes] = mapped_column(Encrypted)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
