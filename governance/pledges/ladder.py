"""What happens when nobody answers: the steps, and when each is due.

A period is the missed pledge's own length in its own calendar, so that what was
promised sooner is also taken up sooner.
"""

from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Final

from governance.calendars import Calendar, minutes
from governance.pledges.model import Cause, Pledge
from governance.rules import PledgeKind


class Rung(IntEnum):
    """A step of the ladder."""

    #: Whoever works on it is reminded.
    NUDGE = 0
    #: It goes back to the queue, the member is told why and given a new date.
    RELEASE = 1
    #: Coordinators and stewards are told.
    RAISE = 2
    #: The member is offered another community, or the members' assembly.
    OFFER = 3


class Choice(StrEnum):
    """What the member can choose at the end of the ladder."""

    PARTNER = "partner"
    ASSEMBLY = "assembly"
    WAIT = "wait"


#: Whose passing begins a climb, and at which step. What waits for the member, what
#: comes back by itself and what a machine says begin none.
BEGINS: Final[dict[PledgeKind, Rung]] = {
    PledgeKind.TRIAGE: Rung.RAISE,
    PledgeKind.FIRST_RESPONSE: Rung.RELEASE,
    PledgeKind.PROGRESS: Rung.RELEASE,
    PledgeKind.RESOLUTION: Rung.RELEASE,
    PledgeKind.ASSIGNEE_ACCEPT: Rung.RELEASE,
    PledgeKind.ASSIGNEE_ACT: Rung.RELEASE,
    PledgeKind.SUGGESTION_ANSWER: Rung.RELEASE,
}
#: Whose miss takes the case from whoever has it: they did not answer. Who does
#: answer keeps the case, even when it is not solved by its date.
RELEASES: Final = frozenset(
    {PledgeKind.FIRST_RESPONSE, PledgeKind.PROGRESS, PledgeKind.ASSIGNEE_ACT}
)


def rung_at(
    pledge: Pledge, calendar: Calendar, rung: Rung, *, due: datetime
) -> datetime:
    """Return when a missed pledge that was due at a moment reaches a step."""
    periods = max(0, rung - Rung.RELEASE)
    return calendar.due(due, minutes(pledge.need_minutes * periods)) if periods else due


def cause(kind: PledgeKind, *, held: bool, waited_outside: bool) -> Cause:
    """Return why a pledge was missed, as far as the facts tell without a person."""
    if kind is PledgeKind.ACKNOWLEDGE:
        return Cause.TECHNICAL
    if waited_outside:
        return Cause.WAITING_OUTSIDE
    return Cause.ABSENCE if held else Cause.CAPACITY
