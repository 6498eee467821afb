"""Closed days that come again, against a library that many calendars rely on."""

from datetime import date, datetime, time, timedelta

import pytest
from dateutil import rrule
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.closed_days import (
    EARLIEST,
    Again,
    Closed,
    Every,
    check,
    days,
    together,
)
from governance.errors import CalendarInvalid

FIRST, LAST = date(2026, 1, 1), date(2028, 12, 31)
_CODES = {
    Every.DAY: rrule.DAILY,
    Every.WEEK: rrule.WEEKLY,
    Every.MONTH: rrule.MONTHLY,
    Every.YEAR: rrule.YEARLY,
}


@st.composite
def events(draw):
    every = draw(st.sampled_from(Every))
    short = every in {Every.DAY, Every.WEEK}
    # The library reads weekdays with and without a place as both, RFC 5545 as either.
    placed = not short and draw(st.booleans())
    place = st.sampled_from([1, 2, 4, -1, -2]) if placed else st.just(0)
    again = Again(
        every=every,
        interval=1 if short else draw(st.integers(1, 4)),
        months=draw(st.frozensets(st.integers(1, 12), max_size=2)),
        days=frozenset()
        if every is Every.WEEK
        else draw(st.frozensets(st.sampled_from([1, 15, 28, -1, -3]), max_size=2)),
        weekdays=draw(st.frozensets(st.tuples(st.integers(0, 6), place), max_size=2)),
        until=draw(st.none() | st.dates(FIRST, LAST)),
        count=None,
    )
    if again.days and again.weekdays:
        # A day that never comes is looked for until the year 9999 there.
        again = Again(every=every, days=again.days)
    counted = draw(st.none() | st.integers(1, 40)) if again.until is None else None
    first = draw(st.dates(date(2020, 1, 1), LAST))
    fields = {name: getattr(again, name) for name in Again.__slots__}
    return Closed(name="x", first=first, again=Again(**{**fields, "count": counted}))


def oracle(event):
    again = event.again
    rule = rrule.rrule(
        _CODES[again.every],
        dtstart=datetime.combine(event.first, time()),
        interval=again.interval,
        bymonth=sorted(again.months) or None,
        bymonthday=sorted(again.days) or None,
        byweekday=[rrule.weekday(day, place or None) for day, place in again.weekdays]
        or None,
        until=again.until and datetime.combine(again.until, time()),
        count=again.count,
    )
    found = set()
    for at in rule:
        if at.date() > LAST:
            break
        found.add(at.date())
    return {day for day in found if day >= FIRST}


@settings(max_examples=60)
@given(events())
def test_what_comes_again_falls_on_the_days_that_calendars_agree_on(event):
    check(event)

    assert set(days(event, first=FIRST, last=LAST)) == oracle(event)


@pytest.mark.parametrize(
    ("again", "expected"),
    [
        (Again(every=Every.YEAR), [date(2026, 12, 25), date(2027, 12, 25)]),
        (
            Again(every=Every.YEAR, months={5}, weekdays={(0, -1)}),
            [date(2026, 5, 25), date(2027, 5, 31)],
        ),
        (Again(every=Every.YEAR, weekdays={(0, 20)}), [date(2026, 5, 18)]),
        (Again(every=Every.YEAR, weekdays={(0, -53)}), []),
    ],
)
def test_holidays_as_they_are_usually_told(again, expected):
    event = Closed(name="x", first=date(2025, 12, 25), again=again)

    found = list(days(event, first=date(2026, 1, 1), last=date(2027, 12, 31)))

    assert found[: len(expected)] == expected


def test_an_event_of_several_days_with_exceptions_and_more_days():
    event = Closed(
        name="x",
        first=date(2026, 1, 1),
        length=2,
        again=Again(every=Every.MONTH, count=3),
        but={date(2026, 2, 1)},
        also={date(2026, 4, 10)},
    )

    assert list(days(event, first=date(2026, 1, 2), last=date(2026, 4, 30))) == [
        date(2026, 1, 2),
        date(2026, 3, 1),
        date(2026, 3, 2),
        date(2026, 4, 10),
        date(2026, 4, 11),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        Closed(name="x", first=EARLIEST - timedelta(days=1)),
        Closed(name="x", first=FIRST, length=0),
        Closed(name="x", first=FIRST, length=32),
        Closed(name="x", first=FIRST, again=Again(every=Every.DAY, interval=2)),
        Closed(name="x", first=FIRST, again=Again(every=Every.YEAR, interval=0)),
        Closed(name="x", first=FIRST, again=Again(every=Every.YEAR, interval=101)),
        Closed(name="x", first=FIRST, again=Again(every=Every.WEEK, weekdays={(0, 1)})),
    ],
)
def test_what_nobody_counts_with_is_refused(wrong):
    with pytest.raises(CalendarInvalid):
        check(wrong)


def test_the_first_name_of_a_day_stays_and_too_many_days_are_refused():
    two = [Closed(name=name, first=date(2026, 5, 1)) for name in ("Labour", "May")]
    daily = Closed(name="x", first=FIRST, again=Again(every=Every.DAY))

    found = together(iter(two), first=FIRST, last=LAST, most=1)

    assert found == {date(2026, 5, 1): "Labour"}
    check(Closed(name="x", first=FIRST))
    with pytest.raises(CalendarInvalid):
        together(iter([daily]), first=FIRST, last=LAST, most=100)
