"""Where a pledge stands, computed from what happened.

A miss stays a miss, even when it is met later; only what is not yet due can end
without one.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from governance.calendars import Calendar, Span, minutes
from governance.pledges.model import Pledge, PledgeState, Promise

#: After which parts of a pledge somebody is told, in hundredths.
WARN_AT: Final = (50, 75, 100)

_SETTLED: Final = frozenset({PledgeState.MET, PledgeState.MET_LATE, PledgeState.VOID})


def due(pledge: Pledge, calendar: Calendar, *, pauses: Iterable[Span] = ()) -> datetime:
    """Return when a pledge is due, computed again from what happened."""
    return calendar.due(pledge.started_at, minutes(pledge.need_minutes), pauses)


def remaining(
    pledge: Pledge, calendar: Calendar, *, pauses: Iterable[Span] = (), at: datetime
) -> int:
    """Return the open minutes that are left of a pledge at a moment."""
    gone = calendar.worked(pledge.started_at, at, pauses) // minutes(1)
    return max(0, pledge.need_minutes - gone)


def warnings(
    pledge: Pledge | Promise, calendar: Calendar, *, pauses: Iterable[Span] = ()
) -> tuple[datetime, ...]:
    """Return the moments at which somebody is told how far a pledge is gone."""
    need, cut = minutes(pledge.need_minutes), tuple(pauses)
    return tuple(
        calendar.due(pledge.started_at, need * part / 100, cut) for part in WARN_AT
    )


def standing(pledge: Pledge, *, at: datetime) -> PledgeState:
    """Say where a pledge stands at a moment. When it is due, it is missed."""
    if pledge.state in _SETTLED or pledge.state is PledgeState.OVERDUE:
        return pledge.state
    if pledge.due_at is None:
        return PledgeState.PAUSED
    return PledgeState.OVERDUE if at >= pledge.due_at else PledgeState.RUNNING


def settle(pledge: Pledge, *, met_at: datetime) -> PledgeState:
    """Return where a pledge stands once it is met. Safe to call twice."""
    now = standing(pledge, at=met_at)
    if now in _SETTLED:
        return now
    return PledgeState.MET_LATE if now is PledgeState.OVERDUE else PledgeState.MET


def void(pledge: Pledge, *, at: datetime) -> PledgeState:
    """Return where a pledge stands once its case is withdrawn: a miss stays one."""
    now = standing(pledge, at=at)
    kept = now in _SETTLED or now is PledgeState.OVERDUE
    return now if kept else PledgeState.VOID
