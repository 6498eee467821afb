"""Whom outside a case waits for, and until when."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from governance.delays import Reading
from node.database import Encrypted, Model
from node.models.kinds import word


class Inquiry(Model):
    """One question to somebody outside, and the day we come back to it."""

    __tablename__ = "inquiry"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    #: Sealed: an agency, a company, a person.
    whom: Mapped[bytes] = mapped_column(Encrypted)
    #: The entry that says what was asked.
    entry_seq: Mapped[int]
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    #: What the answer comes to; None until there is one.
    reading: Mapped[Reading | None] = mapped_column(word(Reading))
