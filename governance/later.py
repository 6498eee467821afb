"""Replies that leave at a moment: when that may be, and what keeps one back then."""

from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum

from governance.cases import AGREE_WITHIN, State
from governance.errors import ChoiceInvalid, WrongState
from governance.threads import OPEN

#: Nobody plans further ahead than this: what was true then is not known now.
FURTHEST = timedelta(days=90)


class LaterEnd(StrEnum):
    """What became of a reply that was to leave at a moment."""

    SENT = "sent"
    CANCELLED = "cancelled"
    #: Its moment came, and its author could not have sent it any more.
    HELD = "held"


class Withheld(StrEnum):
    """Why a reply did not leave at its moment."""

    CASE_OVER = "case_over"
    #: Its author no longer works on the case, for whatever reason.
    NOT_THEIRS = "not_theirs"
    NO_CONSENT = "no_consent"
    #: Something here was broken each time it was tried.
    FAILED = "failed"


def withheld(state: State, *, may: bool, agreed: bool) -> Withheld | None:
    """Say why a reply may not leave now; None when it may.

    `may`: whether its author could send it themselves. `agreed`: whether the member
    still lets anybody work on their case.
    """
    if state not in OPEN:
        return Withheld.CASE_OVER
    if not agreed:
        return Withheld.NO_CONSENT
    return None if may else Withheld.NOT_THEIRS


def check_takes(state: State) -> None:
    """Refuse a reply to a case that takes none."""
    if state not in OPEN:
        raise WrongState(f"A case that is {state} takes no replies.", state=state)


def check_asked(asked: datetime, *, at: datetime) -> None:
    """Refuse to agree to what somebody asked for too long ago."""
    if at - asked > AGREE_WITHIN:
        raise WrongState("This was asked too long ago. It has to be written anew.")


def check_plan(state: State, when: datetime, *, at: datetime) -> None:
    """Refuse a reply to a case that takes none, or at no moment to come."""
    check_takes(state)
    if not at < when <= at + FURTHEST:
        raise ChoiceInvalid("Choose a moment within 90 days from now.", field="when")


def check_waits(end: LaterEnd | None) -> None:
    """Refuse to change what does not wait any more."""
    if end is LaterEnd.SENT:
        raise WrongState("This reply has left already.")
    if end is not None:
        raise WrongState("This reply does not wait any more.")


def local_moment(wall: datetime, zone: tzinfo) -> datetime:
    """Return the instant at which the clocks of a zone show this, as UTC.

    What they show twice in a night is the first of the two. What they skip is none.
    """
    found = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) != wall.replace(fold=0):
        raise ChoiceInvalid(
            "The clocks go forward in that night and skip this time. Choose another.",
            field="when",
        )
    return found
