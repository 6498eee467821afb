from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from governance.cases import AGREE_WITHIN, State
from governance.errors import ChoiceInvalid, WrongState
from governance.later import (
    FURTHEST,
    LaterEnd,
    Withheld,
    check_asked,
    check_plan,
    check_takes,
    check_waits,
    local_moment,
    withheld,
)
from governance.threads import OPEN

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]


def wall(text):
    """Return what the clocks on a wall show."""
    return datetime.fromisoformat(text)


@pytest.mark.parametrize("state", State)
def test_a_reply_is_planned_where_a_conversation_goes_on(state):
    if state in OPEN:
        check_plan(state, NOW + timedelta(hours=1), at=NOW)
    else:
        with pytest.raises(WrongState):
            check_plan(state, NOW + timedelta(hours=1), at=NOW)


@pytest.mark.parametrize("ahead", [timedelta(), -timedelta(seconds=1)])
def test_no_reply_leaves_at_a_moment_that_is_over(ahead):
    with pytest.raises(ChoiceInvalid):
        check_plan(State.WORKING, NOW + ahead, at=NOW)


def test_the_furthest_moment_is_the_last_one_that_can_be_chosen():
    check_plan(State.WORKING, NOW + FURTHEST, at=NOW)
    with pytest.raises(ChoiceInvalid):
        check_plan(State.WORKING, NOW + FURTHEST + timedelta(seconds=1), at=NOW)


def test_only_what_waits_can_be_changed():
    check_waits(None)
    for end in LaterEnd:
        with pytest.raises(WrongState):
            check_waits(end)


@pytest.mark.parametrize(
    ("state", "may", "agreed", "why"),
    [
        (State.WORKING, True, True, None),
        (State.RESOLVED, True, True, None),
        (State.CLOSED, True, True, Withheld.CASE_OVER),
        (State.ERASED, False, False, Withheld.CASE_OVER),
        (State.WORKING, True, False, Withheld.NO_CONSENT),
        (State.WORKING, False, True, Withheld.NOT_THEIRS),
    ],
)
def test_what_keeps_a_reply_back(state, may, agreed, why):
    assert withheld(state, may=may, agreed=agreed) is why


def test_nine_in_the_morning_is_another_instant_before_and_after_the_clocks_change():
    before, after = wall("2026-03-28T09:00"), wall("2026-03-30T09:00")

    assert local_moment(before, BERLIN) == datetime(2026, 3, 28, 8, tzinfo=UTC)
    assert local_moment(after, BERLIN) == datetime(2026, 3, 30, 7, tzinfo=UTC)


def test_a_time_that_the_clocks_skip_is_refused():
    for minute in (0, 30, 59):
        with pytest.raises(ChoiceInvalid):
            local_moment(wall(f"2026-03-29T02:{minute:02}"), BERLIN)
    three = local_moment(wall("2026-03-29T03:00"), BERLIN)
    assert three == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_of_a_time_that_the_clocks_show_twice_it_is_the_first():
    half = wall("2026-10-25T02:30")

    for shown in (half, half.replace(fold=1)):
        found = local_moment(shown, BERLIN)
        assert found == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@given(
    st.datetimes(wall("2025-01-01T00:00"), wall("2030-01-01T00:00")),
    st.sampled_from(ZONES).map(ZoneInfo),
)
@example(wall("2026-03-29T02:30"), BERLIN)
@example(wall("2026-10-25T02:30"), BERLIN)
def test_what_is_chosen_is_what_the_clocks_show_then_or_is_refused(chosen, zone):
    try:
        found = local_moment(chosen, zone)
    except ChoiceInvalid:
        offsets = {chosen.replace(tzinfo=zone, fold=it).utcoffset() for it in (0, 1)}
        assert len(offsets) == 2
        return
    assert found.astimezone(zone).replace(tzinfo=None, fold=0) == chosen
    for before in (timedelta(minutes=30), timedelta(hours=1)):
        earlier = (found - before).astimezone(zone).replace(tzinfo=None)
        assert earlier.replace(fold=0) != chosen


@pytest.mark.parametrize("state", sorted(set(State) - OPEN))
def test_a_case_that_is_over_takes_no_replies(state):
    with pytest.raises(WrongState):
        check_takes(state)


def test_what_was_asked_is_agreed_to_within_a_day():
    check_asked(NOW - AGREE_WITHIN, at=NOW)

    with pytest.raises(WrongState):
        check_asked(NOW - AGREE_WITHIN - timedelta(seconds=1), at=NOW)
