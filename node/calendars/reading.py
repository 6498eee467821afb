"""Reading closed days from an iCalendar file (RFC 5545): whole, or not at all.

What is too large, or too much, is refused before anything is counted; how often a day
comes again is `governance.closed_days`, which takes no longer than its days.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from icalendar import Calendar, Component

from governance.closed_days import Again, Closed, Every, check
from governance.errors import CalendarInvalid

#: A year of holidays of a country is some kilobytes.
LARGEST = 1024 * 1024
MOST_EVENTS = 2000
MOST_EXCEPTIONS = 400
#: Rules that come again are counted day by day.
MOST_RULES = 200
_LONGEST_NAME = 80
_PARTS = frozenset(
    {"FREQ", "INTERVAL", "BYMONTH", "BYMONTHDAY", "BYDAY", "UNTIL", "COUNT", "WKST"}
)
_WEEKDAYS = {"MO": 0, "TU": 1, "WE": 2, "TH": 3, "FR": 4, "SA": 5, "SU": 6}


def read(data: bytes) -> tuple[list[Closed], int]:
    """Return the events that close whole days, and how many others there were."""
    if len(data) > LARGEST:
        raise CalendarInvalid("The file has more than a megabyte.")
    if data.upper().count(b"BEGIN:") > MOST_EVENTS:
        raise CalendarInvalid(f"The file has more than {MOST_EVENTS} entries.")
    try:
        return _events(Calendar.from_ical(data))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise CalendarInvalid("This is no calendar, or it is damaged.") from error


def _events(calendar: Component) -> tuple[list[Closed], int]:
    if calendar.name != "VCALENDAR":
        raise ValueError(calendar.name)
    found, others = [], 0
    for entry in calendar.walk("VEVENT"):
        event = _event(entry)
        if event is None:
            others += 1
        else:
            check(event)
            found.append(event)
    if sum(it.again is not None for it in found) > MOST_RULES:
        raise CalendarInvalid(f"More than {MOST_RULES} events come again.")
    return found, others


def _event(entry: Component) -> Closed | None:
    for refused in ("RECURRENCE-ID", "EXRULE"):
        if refused in entry:
            raise CalendarInvalid(f"An event says {refused}: nobody counts with it.")
    start = entry.decoded("DTSTART")
    cancelled = str(entry.get("STATUS", "")).upper() == "CANCELLED"
    if cancelled or isinstance(start, datetime):
        return None  # hours of a day close no day
    return Closed(
        name=_name(entry),
        first=start,
        length=_length(entry, start),
        again=_again(entry),
        also=_dates(entry, "RDATE"),
        but=_dates(entry, "EXDATE"),
    )


def _name(entry: Component) -> str:
    said = str(entry.get("SUMMARY", ""))
    return "".join(it for it in said if it.isprintable()).strip()[:_LONGEST_NAME]


def _length(entry: Component, start: date) -> int:
    if "DTEND" in entry:
        return int((_day(entry.decoded("DTEND")) - start).days) or 1
    if "DURATION" in entry:
        lasts: timedelta = entry.decoded("DURATION")
        return lasts.days or 1
    return 1


def _dates(entry: Component, name: str) -> frozenset[date]:
    said = entry.get(name, [])
    lists = said if isinstance(said, list) else [said]
    found = {_day(one.dt) for each in lists for one in each.dts}
    if len(found) > MOST_EXCEPTIONS:
        raise CalendarInvalid(f"An event has more than {MOST_EXCEPTIONS} exceptions.")
    return frozenset(found)


def _day(at: Any) -> date:
    if isinstance(at, datetime):
        return at.date()
    if isinstance(at, date):
        return at
    raise ValueError(type(at).__name__)


def _again(entry: Component) -> Again | None:
    said = entry.get("RRULE")
    if said is None:
        return None
    if isinstance(said, list):
        raise CalendarInvalid("An event has more than one rule.")
    rule = {name.upper(): list(values) for name, values in said.items()}
    if not rule.keys() <= _PARTS or rule["FREQ"][0] not in set(Every):
        raise CalendarInvalid("An event comes again in a way nobody counts with here.")
    until = rule.get("UNTIL")
    count = rule.get("COUNT")
    return Again(
        every=Every(rule["FREQ"][0]),
        interval=int(rule.get("INTERVAL", [1])[0]),
        months=_numbers(rule.get("BYMONTH", [])),
        days=_numbers(rule.get("BYMONTHDAY", [])),
        weekdays=frozenset(_weekdays(rule.get("BYDAY", []))),
        until=_day(until[0]) if until else None,
        count=int(count[0]) if count else None,
    )


def _numbers(values: list[Any]) -> frozenset[int]:
    return frozenset(int(one) for one in values)


def _weekdays(values: list[Any]) -> Iterator[tuple[int, int]]:
    for one in values:
        text = str(one).upper()
        yield _WEEKDAYS[text[-2:]], int(text[:-2] or 0)
