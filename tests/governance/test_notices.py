from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from governance.errors import ChoiceInvalid
from governance.notices import (
    EVENING,
    FAMILIES,
    LONGEST_QUIET,
    MARGIN,
    MORNING,
    Hours,
    Pace,
    check_hours,
)

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "America/Santiago",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Kiritimati",
    "Africa/Cairo",
]
NIGHT = Hours(BERLIN, EVENING, MORNING)


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


minutes = st.integers(0, 1439)
instants = st.datetimes(
    datetime.fromisoformat("2024-01-01"),
    datetime.fromisoformat("2030-01-01"),
    timezones=st.just(UTC),
)
zones = st.sampled_from(ZONES).map(ZoneInfo)


@given(instants, zones, minutes, minutes)
@example(utc("2026-03-29T00:30"), BERLIN, 60, 150)
@example(utc("2026-10-25T00:45"), BERLIN, 60, 150)
@example(utc("2026-10-25T01:15"), BERLIN, 60, 150)
def test_whatever_waits_leaves_after_the_quiet_hours_and_within_a_day(
    at, zone, start, end
):
    assume((end - start) % 1440 <= LONGEST_QUIET)
    hours = Hours(zone, start, end)

    found = hours.after(at)

    assert at <= found <= at + timedelta(hours=26)
    assert not hours.is_quiet(found)
    assert (found == at) or hours.is_quiet(at)


@given(instants, zones, minutes, minutes, st.sampled_from([Pace.DAILY, Pace.WEEKLY]))
def test_a_digest_comes_soon_and_not_in_quiet_hours(at, zone, start, end, pace):
    assume((end - start) % 1440 <= LONGEST_QUIET)
    hours = Hours(zone, start, end)

    found = hours.digest(at, pace)

    days = 1 if pace is Pace.DAILY else 7
    assert at + MARGIN <= found <= at + timedelta(days=days + 1, hours=3)
    assert not hours.is_quiet(found)
    assert hours.digest(at + timedelta(seconds=1), pace) >= found


def test_a_night_is_quiet_by_the_clocks_before_and_after_they_change():
    assert NIGHT.after(utc("2026-03-28T22:00")) == utc("2026-03-29T06:00")
    assert NIGHT.after(utc("2026-10-24T22:00")) == utc("2026-10-25T07:00")
    assert NIGHT.after(utc("2026-06-01T10:00")) == utc("2026-06-01T10:00")


def test_an_end_that_the_clocks_skip_or_show_twice_ends_the_quiet_all_the_same():
    short = Hours(BERLIN, 60, 150)

    assert short.after(utc("2026-03-29T00:30")) == utc("2026-03-29T01:30")
    assert short.after(utc("2026-10-25T00:00")) == utc("2026-10-25T00:30")
    assert short.after(utc("2026-10-25T01:15")) == utc("2026-10-25T01:30")


def test_a_daily_digest_leaves_in_the_morning_and_a_weekly_one_on_monday():
    wednesday = utc("2026-06-03T12:00")

    assert NIGHT.digest(wednesday, Pace.DAILY) == utc("2026-06-04T06:00")
    assert NIGHT.digest(wednesday, Pace.WEEKLY) == utc("2026-06-08T06:00")


def test_what_comes_just_before_a_digest_waits_for_the_next_one():
    just = utc("2026-06-03T06:00") - MARGIN

    assert NIGHT.digest(just, Pace.DAILY) == utc("2026-06-03T06:00")
    late = just + timedelta(seconds=1)
    assert NIGHT.digest(late, Pace.DAILY) == utc("2026-06-04T06:00")


def test_the_same_time_twice_is_never_quiet():
    hours = Hours(BERLIN, 480, 480)

    assert not any(
        hours.is_quiet(utc(f"2026-06-01T{hour:02}:00")) for hour in range(24)
    )


@pytest.mark.parametrize(("start", "end"), [(0, 961), (1, 0), (1440, 0), (0, -1)])
def test_quiet_hours_leave_some_of_the_day(start, end):
    with pytest.raises(ChoiceInvalid):
        check_hours(start, end)


def test_sixteen_hours_and_none_are_quiet_hours():
    check_hours(0, LONGEST_QUIET)
    check_hours(EVENING, MORNING)
    check_hours(0, 0)


@pytest.mark.parametrize(
    "kind",
    [
        "sign-in", "submission.received", "breach.soon", "breach.over", "glass.asked",
        "glass.told", "ladder.sorry", "ladder.lead", "ladder.raised",
        "ladder.stewards", "ladder.offer", "ledger.caught", "grant.given",
    ],
)  # fmt: skip
def test_safety_breaches_and_broken_promises_are_nobodys_choice(kind):
    assert kind not in FAMILIES
