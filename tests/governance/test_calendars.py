from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from governance.calendars import ALWAYS, Calendar, minutes
from governance.errors import CalendarNeverOpens

#: Whole and half hours, half-hour summer time, jumps at midnight, a skipped day.
ZONES = [
    "UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "America/St_Johns",
    "Australia/Lord_Howe", "America/Havana", "Africa/Cairo", "Asia/Beirut",
    "Pacific/Apia", "Pacific/Chatham", "America/Sao_Paulo",
]  # fmt: skip
BERLIN = ZoneInfo("Europe/Berlin")
WHOLE_DAY = ((0, 1440),)
OPEN = (WHOLE_DAY,) * 7
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def spans_of(cuts):
    return tuple(zip(cuts[::2], cuts[1::2], strict=True))


days = st.integers(0, 3).flatmap(
    lambda count: st.lists(
        st.integers(0, 1440), min_size=2 * count, max_size=2 * count, unique=True
    ).map(lambda cuts: spans_of(sorted(cuts)))
)
weeks = st.lists(days, min_size=7, max_size=7).map(tuple).filter(any)
zones = st.sampled_from(ZONES).map(ZoneInfo)
#: Around the changes of summer time, and the years with the odd ones.
moments = st.one_of(
    st.datetimes(datetime(2024, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001 - zones come next
    st.datetimes(datetime(2011, 12, 28), datetime(2012, 1, 2)),  # noqa: DTZ001 - idem
    st.datetimes(datetime(2018, 10, 30), datetime(2018, 11, 8)),  # noqa: DTZ001 - idem
).map(lambda it: it.replace(tzinfo=UTC))
dates = moments.map(lambda it: it.date())


@st.composite
def calendars(draw):
    at = draw(moments)
    closed = draw(st.sets(st.integers(-3, 20), max_size=4))
    holidays = frozenset(at.date() + timedelta(days=days) for days in closed)
    return Calendar(draw(zones), draw(weeks), closed=holidays), at


@st.composite
def pauses_after(draw, at):
    found = []
    for _ in range(draw(st.integers(0, 2))):
        start = at + draw(st.integers(0, 8000)) * MINUTE
        found.append((start, start + draw(st.integers(0, 6000)) * MINUTE))
    return found


def weekly(calendar):
    """Return how many minutes of a week without holidays are open."""
    return sum(end - start for day in calendar.week for start, end in day)


@given(st.data(), calendars(), st.integers(1, 3000))
def test_what_is_due_is_exactly_what_was_needed(data, opened, need):
    calendar, start = opened
    # Within ten years it must be possible; what is not is refused, see below.
    assume(need <= 500 * weekly(calendar))
    pauses = data.draw(pauses_after(start))

    end = calendar.due(start, minutes(need), pauses)

    assert calendar.worked(start, end, pauses) == minutes(need)
    assert calendar.worked(start, end - MINUTE / 60, pauses) < minutes(need)


@given(st.data(), calendars())
def test_work_inside_pauses_does_not_count(data, opened):
    calendar, start = opened
    pauses = data.draw(pauses_after(start))
    end = start + timedelta(days=12)
    (first, *more) = sorted(pauses) or [(start, start)]
    joined = [first]
    for pause in more:
        if pause[0] <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(pause[1], joined[-1][1]))
        else:
            joined.append(pause)
    lost = [calendar.worked(a, min(b, end)) for a, b in joined]

    assert calendar.worked(start, end, pauses) == calendar.worked(start, end) - sum(
        lost, timedelta()
    )


@given(calendars(), st.integers(0, 40))
def test_spans_follow_each_other_and_never_overlap(opened, length):
    calendar, start = opened
    day = start.date()
    found = [
        span
        for number in range(length)
        for span in calendar.spans(day + timedelta(days=number))
    ]
    flat = [moment for span in found for moment in span]

    assert flat == sorted(flat)
    assert all(start < end for start, end in found)
    assert all(moment.tzinfo is UTC for moment in flat)


@given(calendars(), st.integers(0, 20_000), st.integers(0, 20_000))
def test_open_time_adds_up(opened, first, second):
    calendar, start = opened
    middle = start + first * MINUTE
    end = middle + second * MINUTE

    whole = calendar.worked(start, end)

    assert whole == calendar.worked(start, middle) + calendar.worked(middle, end)
    assert timedelta() <= whole <= end - start


@given(calendars(), st.integers(1, 500), st.integers(1, 500))
def test_needing_more_is_never_due_sooner(opened, need, more):
    calendar, start = opened

    assert calendar.due(start, minutes(need)) < calendar.due(
        start, minutes(need + more)
    )


@given(zones, moments, st.integers(1, 5000))
def test_an_always_open_calendar_counts_every_minute(zone, start, need):
    calendar = Calendar(zone, OPEN)

    assert calendar.due(start, minutes(need)) == start + need * MINUTE
    assert ALWAYS.due(start, minutes(need)) == start + need * MINUTE


@given(weeks, moments, st.integers(0, 3000))
def test_without_summer_time_every_minute_can_be_counted_by_hand(week, start, length):
    calendar = Calendar(UTC, week)
    start = start.replace(second=0, microsecond=0)
    ticks = [start + number * MINUTE for number in range(length)]

    by_hand = sum(
        any(
            opens <= tick.hour * 60 + tick.minute < closes
            for opens, closes in week[tick.weekday()]
        )
        for tick in ticks
    )

    assert calendar.worked(start, start + length * MINUTE) == by_hand * MINUTE


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("Europe/Berlin", date(2026, 6, 1), 24),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
        ("Australia/Lord_Howe", date(2026, 10, 4), 23.5),
        ("America/Havana", date(2026, 3, 8), 23),
        ("America/Havana", date(2026, 11, 1), 25),
        ("America/Sao_Paulo", date(2018, 11, 4), 23),
        ("Pacific/Apia", date(2011, 12, 31), 24),
    ],
)
def test_a_day_is_as_long_as_the_clocks_make_it(zone, day, hours):
    calendar = Calendar(ZoneInfo(zone), OPEN)

    ((start, end),) = calendar.spans(day)

    assert end - start == hours * HOUR


def test_a_day_that_a_zone_skips_has_no_spans():
    assert Calendar(ZoneInfo("Pacific/Apia"), OPEN).spans(date(2011, 12, 30)) == ()


def test_a_time_that_the_clocks_jump_over_is_the_moment_they_jump():
    calendar = Calendar(BERLIN, (((90, 150), (160, 240)),) * 7)
    jump = datetime(2026, 3, 29, 1, tzinfo=UTC)

    assert calendar.spans(date(2026, 3, 29)) == (
        (jump - HOUR / 2, jump),
        (jump, jump + HOUR),
    )


def test_the_moment_the_clocks_jump_is_found_to_the_second():
    calendar = Calendar(ZoneInfo("Africa/Monrovia"), (((10, 60),),) * 7)

    ((start, _),) = calendar.spans(date(1972, 1, 7))

    assert start == datetime(1972, 1, 7, 0, 44, 30, tzinfo=UTC)


def test_a_usual_working_day_has_eight_hours():
    assert OFFICE.standard_day_minutes == 480


def test_a_time_that_comes_twice_is_its_first_coming():
    calendar = Calendar(BERLIN, (((0, 150),),) * 7)

    ((_, end),) = calendar.spans(date(2026, 10, 25))

    assert end == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


WORKDAY = ((8 * 60, 12 * 60), (13 * 60 + 30, 18 * 60))
OFFICE = Calendar(
    BERLIN, (WORKDAY,) * 5 + ((),) * 2, closed=frozenset({date(2026, 4, 6)})
)


def test_the_case_of_the_casework_document():
    due = OFFICE.due(datetime(2026, 4, 2, 15, tzinfo=UTC), 8 * HOUR)

    assert due == datetime(2026, 4, 3, 16, 30, tzinfo=BERLIN)


def test_a_closed_day_is_passed_over():
    due = OFFICE.due(datetime(2026, 4, 3, 16, tzinfo=UTC), 1 * MINUTE)

    assert due == datetime(2026, 4, 7, 8, 1, tzinfo=BERLIN)


def test_a_span_before_the_start_gives_no_time_back():
    evening = datetime(2026, 4, 2, 17, 50, tzinfo=BERLIN)

    assert OFFICE.due(evening, 20 * MINUTE) == datetime(
        2026, 4, 3, 8, 10, tzinfo=BERLIN
    )


def test_pauses_that_touch_or_overlap_count_once():
    start = datetime(2026, 4, 2, 8, tzinfo=BERLIN)
    hours = [start + number * HOUR for number in range(5)]
    pauses = [(hours[1], hours[2]), (hours[0], hours[3]), (hours[3], hours[4])]

    due = OFFICE.due(start, 1 * HOUR, pauses)

    assert due == datetime(2026, 4, 2, 14, 30, tzinfo=BERLIN)


@pytest.mark.parametrize("week", [((),) * 7, (((0, 1),),) + ((),) * 6])
def test_a_calendar_that_never_opens_promises_nothing(week):
    calendar = Calendar(UTC, week)

    with pytest.raises(CalendarNeverOpens):
        calendar.due(datetime(2026, 1, 1, tzinfo=UTC), timedelta(days=1))


def test_a_calendar_is_looked_at_for_ten_years():
    calendar = Calendar(UTC, (((0, 1),),) + ((),) * 6)
    monday = datetime(2026, 1, 5, tzinfo=UTC)

    assert calendar.due(monday, 523 * MINUTE) == monday + timedelta(days=3654) + MINUTE
    with pytest.raises(CalendarNeverOpens):
        calendar.due(monday, 524 * MINUTE)


def test_the_desk_is_open_from_its_first_until_before_its_last_minute():
    opening = datetime(2026, 4, 2, 8, tzinfo=BERLIN)

    assert OFFICE.is_open(opening)
    assert not OFFICE.is_open(opening - MINUTE)
    assert not OFFICE.is_open(opening + 4 * HOUR)
    assert not OFFICE.is_open(datetime(2026, 4, 6, 9, tzinfo=BERLIN))


def test_nothing_is_worked_backwards():
    start = datetime(2026, 4, 2, 10, tzinfo=BERLIN)

    assert OFFICE.worked(start, start - HOUR) == timedelta()
    assert OFFICE.worked(start, start - timedelta(days=3)) == timedelta()
