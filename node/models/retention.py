"""What becomes of a closed case, and what stops that for a while."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from governance.retention import Phase
from node.database import Encrypted, Model
from node.models.kinds import word


class Retention(Model):
    """The question to a member whether their closed case is kept."""

    __tablename__ = "retention"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), primary_key=True)
    phase: Mapped[Phase] = mapped_column(word(Phase))
    since: Mapped[datetime]
    reminders: Mapped[int]
    reminded_at: Mapped[datetime | None]
    #: When something becomes of it without an answer.
    due_at: Mapped[datetime | None] = mapped_column(index=True)


class FileDays(Model):
    """Since when the files of a closed case are looked at: they go before it does."""

    __tablename__ = "file_days"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), primary_key=True)
    since: Mapped[datetime]
    #: Whether its member said that they are kept for as long as the case.
    kept: Mapped[bool]
    #: When its member was told that they go.
    told_at: Mapped[datetime | None]


class FilesGone(Model):
    """That files of a case went by the rules, while the case itself was kept."""

    __tablename__ = "files_gone"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), primary_key=True)
    #: The entry of the case's chain that says so.
    entry_seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    number: Mapped[int]


class LegalHold(Model):
    """Why a case may not be erased before a day. Its member reads it."""

    __tablename__ = "legal_hold"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    #: Sealed.
    reason: Mapped[bytes] = mapped_column(Encrypted)
    since: Mapped[datetime]
    until: Mapped[datetime]
    #: Until when it was asked for, which holds once another steward agreed.
    asked_until: Mapped[datetime]
    second_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    #: When somebody ended it before its day.
    ended_at: Mapped[datetime | None]
