"""When an origin is left alone, and how one finds out that it is back.

A breaker spares the other node and ours. A word from the origin itself, well signed,
closes it at once: whoever speaks can listen.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Self

from federation.delivery.answers import Health
from federation.inbox.table import Lane

FAILURES: Final = 5
WITHIN: Final = timedelta(minutes=10)
FIRST_OPEN: Final = timedelta(minutes=30)
LONGEST_OPEN: Final = timedelta(hours=12)
DEAD_AFTER: Final = timedelta(days=7)
#: On so many days a try failed; a node of ours that slept has not tried.
DEAD_AFTER_DAYS: Final = 7
PROBE_EVERY: Final = timedelta(days=1)
#: How long a dead host is still owed what takes something back.
OWED: Final = timedelta(days=90)
_OWED_TYPES: Final = frozenset({"Delete", "Undo"})


class Gate(StrEnum):
    """What may go to an origin now."""

    CLOSED = "closed"
    PROBE = "probe"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Breaker:
    """How the last tries to reach an origin went. Closed is the usual state."""

    #: The last failures without a break, oldest first.
    failures: tuple[datetime, ...] = ()
    open_until: datetime | None = None
    #: How long it was opened last.
    span: timedelta = timedelta()

    def failed(self, at: datetime) -> Self:
        """Return the breaker after a network failure or a 5xx."""
        if self.open_until is not None:
            # A straggler, sent before it opened, is no second probe.
            return self if at < self.open_until else self._open(at, self.span * 2)
        failures = (*self.failures, at)
        if len(failures) == FAILURES and at - failures[0] <= WITHIN:
            return self._open(at, FIRST_OPEN)
        return replace(self, failures=failures[1 - FAILURES :])

    def succeeded(self) -> Self:
        """Return the breaker after any answer of a node that works, also a 4xx."""
        return type(self)()

    def verified_from(self) -> Self:
        """Return the breaker after a well-signed request from the origin."""
        return type(self)()

    def postponed(self, until: datetime) -> Self:
        """Return the breaker after the origin asked for time: no probe before."""
        if self.open_until is None:
            return self
        return replace(self, open_until=max(self.open_until, until))

    def after(self, health: Health, at: datetime, until: datetime | None) -> Self:
        """Return the breaker after an outcome, of that health and postponed so."""
        match health:
            case Health.FAILED:
                return self.failed(at)
            case Health.BUSY:
                return self.postponed(until or at)
            case Health.WELL:
                return self.succeeded()

    def gate(self, at: datetime) -> Gate:
        """Say what may go out now."""
        if self.open_until is None:
            return Gate.CLOSED
        return Gate.OPEN if at < self.open_until else Gate.PROBE

    def _open(self, at: datetime, span: timedelta) -> Self:
        span = min(span, LONGEST_OPEN)
        return type(self)(open_until=at + span, span=span)


@dataclass(frozen=True, slots=True)
class Silence:
    """How long an origin only failed, since it last answered."""

    #: The first failure of each day, oldest first; no more than are asked for.
    days: tuple[datetime, ...] = ()
    last: datetime | None = None

    def failed(self, at: datetime) -> Self:
        """Return the silence after one more failure."""
        is_new = not self.days or at.date() > self.days[-1].date()
        days = (*self.days, at) if is_new else self.days
        return type(self)(days[:DEAD_AFTER_DAYS], at)

    def broken(self) -> Self:
        """Return no silence: the origin answered, or spoke to us."""
        return type(self)()

    @property
    def is_dead(self) -> bool:
        """Whether the host counts as dead: a try failed after more than a week.

        Who is back within a week, to the second, is not: nothing failed since.
        """
        if self.last is None or len(self.days) < DEAD_AFTER_DAYS:
            return False
        return self.last - self.days[0] > DEAD_AFTER

    @property
    def rests_until(self) -> datetime | None:
        """When a dead host is tried again, as it is each day; None while it lives."""
        return self.last + PROBE_EVERY if self.last and self.is_dead else None


def keeps(lane: Lane, type_: str, *, written: datetime, at: datetime) -> bool:
    """Say whether a dead host is still owed a row. Only public ones are ever let go."""
    if lane is not Lane.PUBLIC:
        return True
    return type_ in _OWED_TYPES and at - written < OWED
