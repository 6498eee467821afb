"""What members ask to read of the desk's notes, and what they got to read."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from governance.releases import Outcome
from node.database import Encrypted, Model
from node.models.kinds import word


class NoteRequest(Model):
    """A member asks for all notes of a case that were written by then."""

    __tablename__ = "note_request"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    #: How many of the warnings were given.
    warned: Mapped[int]
    #: When the last note was decided about.
    settled_at: Mapped[datetime | None]


class NoteRelease(Model):
    """What was decided about one note; it is decided about once."""

    __tablename__ = "note_release"

    note_id: Mapped[UUID] = mapped_column(ForeignKey("note.id"), primary_key=True)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("note_request.id"), index=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    outcome: Mapped[Outcome] = mapped_column(word(Outcome))
    #: Both sealed: what the member reads, and why it is not all.
    text: Mapped[bytes | None] = mapped_column(Encrypted)
    reason: Mapped[bytes | None] = mapped_column(Encrypted)
    decided_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime]
