"""Open minutes: which times count towards a promise, in every zone.

Everything is computed in UTC instants; local time only says when a day's spans
begin and end. The only unit is the open minute.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from governance.errors import CalendarNeverOpens

#: For each weekday from Monday the open spans, as minutes after local midnight.
Week = tuple[tuple[tuple[int, int], ...], ...]
#: From one instant until just before another.
Span = tuple[datetime, datetime]

_DAY: Final = timedelta(days=1)
_MINUTE: Final = timedelta(minutes=1)
_MINUTES_A_DAY: Final = 1440
#: After ten years without enough open time there is none.
_FARTHEST: Final = 3660


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a community's desk is open."""

    zone: tzinfo
    week: Week
    #: What "one working day" means in open minutes.
    standard_day_minutes: int = 480
    #: Local dates on which nothing opens.
    closed: frozenset[date] = frozenset()

    def spans(self, day: date) -> tuple[Span, ...]:
        """Return the open spans of a local date, as UTC instants."""
        if day in self.closed:
            return ()
        found = (
            (self._instant(day, start), self._instant(day, end))
            for start, end in self.week[day.weekday()]
        )
        return tuple((start, end) for start, end in found if start < end)

    def worked(
        self, start: datetime, end: datetime, pauses: Iterable[Span] = ()
    ) -> timedelta:
        """Return the open time between two instants, without the pauses."""
        breaks = _merged(pauses)
        parts = (
            (part_start, part_end)
            for opens, closes in self._from(start, until=end)
            for part_start, part_end in _without(
                max(opens, start), min(closes, end), breaks
            )
        )
        return sum((end - start for start, end in parts), timedelta())

    def due(
        self, start: datetime, need: timedelta, pauses: Iterable[Span] = ()
    ) -> datetime:
        """Return the instant by which that much open time has gone by."""
        left, breaks = need, _merged(pauses)
        for opens, closes in self._from(start):
            # A span that ends before the start has no part, so it gives no time back.
            for part_start, part_end in _without(max(opens, start), closes, breaks):
                if part_end - part_start >= left:
                    return part_start + left
                left -= part_end - part_start
        raise CalendarNeverOpens("Nobody can promise a time: the desk never opens.")

    def is_open(self, at: datetime) -> bool:
        """Say whether the desk is open at an instant."""
        day = at.astimezone(self.zone).date()
        return any(start <= at < end for start, end in self.spans(day))

    def _from(self, start: datetime, until: datetime | None = None) -> Iterator[Span]:
        first = start.astimezone(self.zone).date()
        last = first + _FARTHEST * _DAY
        if until is not None:
            last = until.astimezone(self.zone).date()
        for number in range((last - first).days + 1):
            yield from self.spans(first + number * _DAY)

    def _instant(self, day: date, minute: int) -> datetime:
        days, minutes = divmod(minute, _MINUTES_A_DAY)
        hour, minutes = divmod(minutes, 60)
        wall = datetime.combine(day + days * _DAY, time(hour, minutes))
        early = wall.replace(tzinfo=self.zone, fold=0).astimezone(UTC)
        if early.astimezone(self.zone).replace(tzinfo=None) == wall:
            return early
        return self._change(wall)

    def _change(self, wall: datetime) -> datetime:
        # The clock jumps over this local time: find the instant it jumps.
        low = wall.replace(tzinfo=self.zone, fold=1).astimezone(UTC)
        high = wall.replace(tzinfo=self.zone, fold=0).astimezone(UTC)
        before = low.astimezone(self.zone).utcoffset()
        while high - low > timedelta(seconds=1):
            middle = (low + (high - low) / 2).replace(microsecond=0)
            if middle.astimezone(self.zone).utcoffset() == before:
                low = middle
            else:
                high = middle
        return high


#: Day and night, without closed days.
ALWAYS: Final = Calendar(UTC, (((0, _MINUTES_A_DAY),),) * 7, _MINUTES_A_DAY)


def minutes(need: int) -> timedelta:
    """Return a number of open minutes as a length of time."""
    return need * _MINUTE


def _merged(pauses: Iterable[Span]) -> Sequence[Span]:
    merged: list[Span] = []
    for start, end in sorted(pauses):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _without(start: datetime, end: datetime, breaks: Sequence[Span]) -> Iterator[Span]:
    for pause_start, pause_end in breaks:
        if start < min(end, pause_start):
            yield start, min(end, pause_start)
        start = max(start, pause_end)
    if start < end:
        yield start, end
