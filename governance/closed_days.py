"""Closed days as other programs tell them: rules that come again, within bounds.

Nothing here walks a calendar further than the days that are asked for, or, where a
rule counts, further than from its first day: so no rule takes longer than those days.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from governance.errors import CalendarInvalid

#: Nobody keeps a holiday from before; what counts from then on is still a short walk.
EARLIEST = date(1900, 1, 1)
#: The longest time one event can close the desk.
LONGEST = 31
_DAY = timedelta(days=1)
_WEEK = 7
_MOST_EVERY = 100


class Every(StrEnum):
    """How often a rule comes again."""

    DAY = "DAILY"
    WEEK = "WEEKLY"
    MONTH = "MONTHLY"
    YEAR = "YEARLY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """A day that comes again (RFC 5545, the parts that holidays need)."""

    every: Every
    interval: int = 1
    months: AbstractSet[int] = frozenset()
    days: AbstractSet[int] = frozenset()
    #: Weekdays from Monday as 0, each with its place: 0 for all, -1 for the last.
    weekdays: AbstractSet[tuple[int, int]] = frozenset()
    until: date | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """One event of a calendar that closes the desk for whole days."""

    name: str
    first: date
    #: How many days from each beginning on.
    length: int = 1
    again: Again | None = None
    also: AbstractSet[date] = field(default_factory=frozenset)
    but: AbstractSet[date] = field(default_factory=frozenset)


def check(event: Closed) -> None:
    """Refuse what is no holiday, or cannot be counted within bounds."""
    if event.first < EARLIEST or not 1 <= event.length <= LONGEST:
        raise CalendarInvalid("An event begins too early, or lasts for too long.")
    again = event.again
    if again is None:
        return
    short = again.every in {Every.DAY, Every.WEEK}
    if not 1 <= again.interval <= (1 if short else _MOST_EVERY):
        raise CalendarInvalid("An event comes again in a way nobody counts with here.")
    placed = any(place for _, place in again.weekdays)
    if placed and short:
        raise CalendarInvalid("An event names the place of a weekday in no month.")


def days(event: Closed, *, first: date, last: date) -> Iterator[date]:
    """Yield the days between two, both included, on which an event closes the desk."""
    begins = set(_begins(event, last)) - event.but
    for begin in sorted(begins | event.also):
        for number in range(event.length):
            day = begin + number * _DAY
            if first <= day <= last:
                yield day


def _begins(event: Closed, last: date) -> Iterator[date]:
    again = event.again
    if again is None:
        yield event.first
        return
    end = min(last, again.until or last)
    left = again.count
    for number in range((end - event.first).days + 1):
        day = event.first + number * _DAY
        if left == 0:
            return
        if _falls(again, event.first, day):
            yield day
            left = None if left is None else left - 1


def _falls(again: Again, first: date, day: date) -> bool:
    if again.months and day.month not in again.months:
        return False
    if again.days and not _named(again.days, day):
        return False
    if again.weekdays and not _weekday(again, day):
        return False
    return _by_period(again, first, day)


def _named(days: AbstractSet[int], day: date) -> bool:
    return day.day in days or day.day - _length(day) - 1 in days


def _weekday(again: Again, day: date) -> bool:
    return any(
        day.weekday() == weekday and (place == 0 or place in _places(again, day))
        for weekday, place in again.weekdays
    )


def _places(again: Again, day: date) -> tuple[int, int]:
    in_year = again.every is Every.YEAR and not again.months
    number = day.timetuple().tm_yday if in_year else day.day
    length = date(day.year, 12, 31).timetuple().tm_yday if in_year else _length(day)
    return (number - 1) // _WEEK + 1, -((length - number) // _WEEK + 1)


def _by_period(again: Again, first: date, day: date) -> bool:
    named = bool(again.days or again.weekdays)
    if again.every is Every.DAY:
        return True
    if again.every is Every.WEEK:
        return bool(again.weekdays) or day.weekday() == first.weekday()
    if again.every is Every.MONTH:
        gone = (day.year - first.year) * 12 + day.month - first.month
        return gone % again.interval == 0 and (named or day.day == first.day)
    here = named or day.day == first.day
    month = named or bool(again.months) or day.month == first.month
    return (day.year - first.year) % again.interval == 0 and here and month


def _length(day: date) -> int:
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return (following - _DAY).day


def together(
    events: Iterator[Closed], *, first: date, last: date, most: int
) -> Mapping[date, str]:
    """Return every closed day with its name; refuse more than there may be."""
    found: dict[date, str] = {}
    for event in events:
        for day in days(event, first=first, last=last):
            found.setdefault(day, event.name)
            if len(found) > most:
                raise CalendarInvalid(f"More than {most} days would be closed.")
    return dict(sorted(found.items()))
