"""When people's data got where it should not: what is owed, and until when.

The law gives 72 hours from knowing of it to tell the authority (GDPR Art. 33), so
neither the hours nor the warning before them are the community's to choose.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from governance.errors import WrongState

#: To tell the authority, or to decide with a reason that it need not know.
CLOCK: Final = timedelta(hours=72)
#: When stewards hear that nothing was decided: with a day left, and when it is over.
WARNINGS: Final = (timedelta(hours=48), CLOCK)


class State(StrEnum):
    """How far a breach is dealt with."""

    FOUND = "found"
    #: The authority knows.
    NOTIFIED = "notified"
    #: It need not know, for a reason that is written down.
    NOT_NEEDED = "not_needed"
    CLOSED = "closed"


class Step(StrEnum):
    """What is done about a breach; each with words that say what exactly."""

    NOTE = "note"
    NOTIFY = "notify"
    NOT_NEEDED = "not_needed"
    #: Those it is about were told.
    TELL_PEOPLE = "tell_people"
    CLOSE = "close"


STEPS: Final[dict[tuple[State, Step], State]] = {
    (State.FOUND, Step.NOTE): State.FOUND,
    (State.FOUND, Step.TELL_PEOPLE): State.FOUND,
    (State.FOUND, Step.NOTIFY): State.NOTIFIED,
    (State.FOUND, Step.NOT_NEEDED): State.NOT_NEEDED,
    (State.NOTIFIED, Step.NOTE): State.NOTIFIED,
    (State.NOTIFIED, Step.TELL_PEOPLE): State.NOTIFIED,
    (State.NOTIFIED, Step.CLOSE): State.CLOSED,
    # Whoever thought that the authority need not know can find out otherwise.
    (State.NOT_NEEDED, Step.NOTIFY): State.NOTIFIED,
    (State.NOT_NEEDED, Step.NOTE): State.NOT_NEEDED,
    (State.NOT_NEEDED, Step.TELL_PEOPLE): State.NOT_NEEDED,
    (State.NOT_NEEDED, Step.CLOSE): State.CLOSED,
}


def step(state: State, what: Step) -> State:
    """Return where a step leads, or refuse what is not in `STEPS`."""
    if (state, what) not in STEPS:
        raise WrongState("This breach is not where that could be done.")
    return STEPS[state, what]


def open_steps(state: State) -> tuple[Step, ...]:
    """Return what can be done about a breach now."""
    return tuple(what for known, what in STEPS if known is state)


def is_late(found: datetime, decided: datetime | None, *, at: datetime) -> bool:
    """Say whether nothing was decided within the time; deciding late stays late."""
    return (decided or at) > found + CLOCK
