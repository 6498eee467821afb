"""Who was offered a case, and what became of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from node.database import Encrypted, Model


class Assignment(Model):
    """One offer of a case to an advocate."""

    __tablename__ = "assignment"
    __table_args__ = (Index("ix_assignment_open", "advocate_id", "ended_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    advocate_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    method: Mapped[str]
    #: How many could have been asked, and by which rule this one was.
    candidates: Mapped[int]
    rules: Mapped[str]
    #: How it came to be this person, in figures that name nobody: JSON.
    explanation: Mapped[str | None]
    offered_at: Mapped[datetime]
    #: Until when the offer holds; None for what was taken.
    expires_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str]
    #: When the member asked for somebody else.
    unwanted_at: Mapped[datetime | None]
    #: Sealed: what whoever takes over has to know.
    note: Mapped[bytes | None] = mapped_column(Encrypted)
