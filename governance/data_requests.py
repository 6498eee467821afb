"""What a member asks about their own data, and by when it is answered.

The law gives a month from when it came (GDPR Art. 12(3)), so neither the days nor the
warning before them are the community's to choose: no preset has a number for it.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from governance.consent import Purpose
from governance.errors import ChoiceInvalid, ReasonMissing, WrongState

#: To answer, or to refuse with a reason; the shortest month but one has 30 days.
CLOCK: Final = timedelta(days=30)
#: The two further months for what is difficult; any two in a row have 59 days.
FURTHER: Final = timedelta(days=59)
_NEARLY: Final = timedelta(days=7)


class Kind(StrEnum):
    """What is asked for that no page does at once."""

    #: More than the page shows: what others wrote, whom something went to (Art. 15).
    ACCESS = "access"
    #: Something that is held is wrong, and this is right (Art. 16).
    RECTIFICATION = "rectification"
    #: Not to use the data for one purpose any more (Art. 21).
    OBJECTION = "objection"


class State(StrEnum):
    """Where a request stands."""

    OPEN = "open"
    ANSWERED = "answered"
    REFUSED = "refused"


#: What stays for as long as what it corrects, whenever it was answered.
STAYS: Final = frozenset({Kind.RECTIFICATION})


def check(kind: Kind, purpose: Purpose | None) -> None:
    """Refuse an objection to nothing, and a purpose where none is objected to."""
    if (kind is Kind.OBJECTION) != (purpose is not None):
        raise ChoiceInvalid(
            "Choose what your data shall not be used for.", field="purpose"
        )


def settle(state: State, *, refused: bool, complain: str) -> State:
    """Return where an answer leads; a refusal says whom its member can turn to."""
    if state is not State.OPEN:
        raise WrongState("This was answered before.")
    if refused and not complain.strip():
        raise ReasonMissing("Say whom they can complain to.", field="complain")
    return State.REFUSED if refused else State.ANSWERED


def warnings(*, longer: bool) -> tuple[timedelta, timedelta]:
    """Return when those responsible hear that nothing was answered, from when it came.

    A week before the end, and at the end.
    """
    whole = CLOCK + FURTHER if longer else CLOCK
    return whole - _NEARLY, whole


def lengthen(state: State, due: datetime, *, longer: bool, at: datetime) -> datetime:
    """Return until when a difficult request may take: once, and told within the month.

    The member reads why; that it was asked for late is no reason.
    """
    if state is not State.OPEN:
        raise WrongState("This was answered before.")
    if longer:
        raise WrongState("Its time was made longer before.")
    if at > due:
        raise WrongState("The month is over: it cannot be made longer any more.")
    return due + FURTHER


def is_late(due: datetime, settled: datetime | None, *, at: datetime) -> bool:
    """Say whether the time was over before anybody answered; late stays late."""
    return (settled or at) > due
