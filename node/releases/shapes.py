"""Notes that a member asked for, as plain values."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from governance.releases import Outcome
from governance.threads import NoteKind


@dataclass(frozen=True, slots=True)
class ReleasedNote:
    """One note as its member has it."""

    at: datetime
    #: Who wrote it.
    who: str
    kind: NoteKind
    outcome: Outcome
    text: str = field(repr=False)
    #: Why it is not all of it.
    reason: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a member asked for, and what came of it."""

    #: Until when all is decided; None where nothing waits.
    due_at: datetime | None
    late: bool
    notes: tuple[ReleasedNote, ...]


@dataclass(frozen=True, slots=True)
class WaitingNote:
    """A note somebody is to decide about, without a word of it."""

    id: UUID
    reference: str
    kind: NoteKind
    written_at: datetime
    due_at: datetime
    late: bool


@dataclass(frozen=True, slots=True)
class OpenedNote(WaitingNote):
    """A note as whoever decides about it reads it."""

    who: str
    text: str = field(repr=False)
    #: Why it was sealed.
    sealed_for: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Decision:
    """What the member shall read of a note; nothing, where it is empty."""

    text: str = field(repr=False)
    reason: str = field(default="", repr=False)
