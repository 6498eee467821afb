"""What the desk wrote for itself, and its member asks to read.

Somebody looks at each note first, for what it says about others. Casework, section 9,
gives seven days for that; no preset has a number for it.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from governance.errors import ReasonMissing, SecondPerson, WrongState
from governance.threads import NoteKind

#: From when it was asked until every note is decided about.
CLOCK: Final = timedelta(days=7)
#: When those who decide hear that something still waits: two days before, and then.
WARNINGS: Final = (CLOCK - timedelta(days=2), CLOCK)


class Outcome(StrEnum):
    """What a member gets to read of a note."""

    SHOWN = "shown"
    #: Without what is about others; they read why.
    IN_PART = "in_part"
    #: Nothing of it; they read why.
    KEPT_BACK = "kept_back"


def outcome(written: str, shown: str, reason: str) -> Outcome:
    """Return what is done with a note; whoever leaves something out says why."""
    if shown.strip() == written.strip():
        return Outcome.SHOWN
    if not reason.strip():
        raise ReasonMissing("Say what was left out, and why. The member reads it.")
    return Outcome.IN_PART if shown.strip() else Outcome.KEPT_BACK


def check_decider(
    kind: NoteKind, *, decided: bool, wrote: bool, leads: bool, guards: bool
) -> None:
    """Refuse whoever does not decide about a note.

    `leads`: they share out this case; theirs are the working notes. `guards`: they can
    look at it as an exception; theirs are the sealed ones, unless they wrote it.
    """
    if not may_decide(kind, leads=leads, guards=guards):
        raise WrongState("This is for somebody else to decide.")
    if kind is NoteKind.SEALED and wrote:
        raise SecondPerson("Somebody else decides about what you sealed.")
    if decided:
        raise WrongState("This was decided before.")


def may_decide(kind: NoteKind, *, leads: bool, guards: bool) -> bool:
    """Say whether somebody is asked about notes of a kind."""
    return guards if kind is NoteKind.SEALED else leads


def is_late(due: datetime, settled: datetime | None, *, at: datetime) -> bool:
    """Say whether the time was over before all was decided; late stays late."""
    return (settled or at) > due
