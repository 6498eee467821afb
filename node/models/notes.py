"""What the desk writes for itself about a case: notes, and a reply being written."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from governance.threads import NoteKind
from node.database import Encrypted, Model
from node.models.kinds import word


class Note(Model):
    """A note that no member page, export or message ever shows."""

    __tablename__ = "note"

    #: Chosen by the form or the program, so that sending twice writes once.
    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[NoteKind] = mapped_column(word(NoteKind))
    #: Sealed.
    body: Mapped[bytes] = mapped_column(Encrypted)
    #: Sealed: why nobody else reads it.
    reason: Mapped[bytes | None] = mapped_column(Encrypted)
    written_at: Mapped[datetime]


class MessageDraft(Model):
    """The one reply to a member that is being written, and by whom just now."""

    __tablename__ = "message_draft"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), primary_key=True)
    #: Sealed.
    body: Mapped[bytes] = mapped_column(Encrypted)
    #: Grows with every change; who saves names the one they saw.
    version: Mapped[int]
    locked_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    locked_since: Mapped[datetime]
    locked_until: Mapped[datetime]
