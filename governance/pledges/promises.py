"""What the rules promise, from a moment on.

A promise is frozen with the rule that made it; a change of priority can only make
it sooner, and a change of rules does not touch it.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from governance.calendars import ALWAYS, Calendar, Span, minutes
from governance.cases import Priority
from governance.pledges.model import Pledge, PledgeState, Promise
from governance.rules import Bylaws, Clock, PledgeKind, PledgeRule, Unit


def promise(
    rules: Bylaws, kind: PledgeKind, priority: Priority, *, at: datetime
) -> Promise | None:
    """Return what the rules promise from a moment on; None when nothing."""
    rule = _rule(rules, kind, priority)
    if rule is None:
        return None
    need = _need(rule, rules.calendar)
    return Promise(
        kind=kind,
        need_minutes=need,
        started_at=at,
        due_at=calendar_of(rules, rule.clock).due(at, minutes(need)),
        rule=rule.id,
        rules=rules.identity,
        clock=rule.clock,
        pauses=rule.pauses,
        closed_days=rules.closed_days,
    )


def promise_after_inbound(
    rules: Bylaws, priority: Priority, *, at: datetime
) -> Promise | None:
    """Return the progress promised when the member wrote last: a first response."""
    answer = promise(rules, PledgeKind.FIRST_RESPONSE, priority, at=at)
    pauses = waits(rules, PledgeKind.PROGRESS)
    return answer and replace(answer, kind=PledgeKind.PROGRESS, pauses=pauses)


def follow_up(
    rules: Bylaws, priority: Priority, *, chosen: datetime, at: datetime
) -> Promise | None:
    """Return the promise to come back on a chosen day, or sooner by the rules."""
    longest = promise(rules, PledgeKind.FOLLOW_UP, priority, at=at)
    if longest is None:
        return None
    calendar = calendar_of(rules, longest.clock)
    open_minutes = calendar.worked(at, chosen) // minutes(1)
    need = min(longest.need_minutes, max(1, open_minutes))
    return replace(longest, need_minutes=need, due_at=calendar.due(at, minutes(need)))


def repromise(
    pledge: Pledge,
    rules: Bylaws,
    priority: Priority,
    *,
    pauses: Iterable[Span] = (),
) -> Promise | None:
    """Return the sooner promise that a new priority makes; None when there is none.

    `rules` are those that made the pledge: new rules touch only later promises.
    """
    new = promise(rules, pledge.kind, priority, at=pledge.started_at)
    if new is None or pledge.state is not PledgeState.RUNNING:
        return None
    calendar = calendar_of(rules, new.clock)
    due_at = calendar.due(new.started_at, minutes(new.need_minutes), pauses)
    sooner = pledge.due_at is not None and due_at < pledge.due_at
    return replace(new, due_at=due_at) if sooner else None


def calendar_of(rules: Bylaws, clock: Clock) -> Calendar:
    """Return the calendar that a clock goes by."""
    return ALWAYS if clock is Clock.ALWAYS else rules.calendar


def clock_of(rules: Bylaws, rule: str) -> Clock:
    """Return by which clock the bylaws' row of that id counts."""
    return next(row.clock for row in rules.pledges if row.id == rule)


def waits(rules: Bylaws, kind: PledgeKind) -> bool:
    """Say whether a promise of a kind waits while the member is asked something."""
    return any(row.pauses for row in rules.pledges if row.kind is kind)


def _rule(rules: Bylaws, kind: PledgeKind, priority: Priority) -> PledgeRule | None:
    rows = [row for row in rules.pledges if row.kind is kind]
    for wanted in (priority, None):
        for row in rows:
            if row.priority == wanted:
                return row
    return None


def _need(rule: PledgeRule, calendar: Calendar) -> int:
    lengths = {
        Unit.MINUTES: 1,
        Unit.HOURS: 60,
        Unit.DAYS: ALWAYS.standard_day_minutes,
        Unit.WORKING_DAYS: calendar.standard_day_minutes,
    }
    return rule.amount * lengths[rule.unit]
