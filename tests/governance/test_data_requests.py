from datetime import UTC, datetime, timedelta

import pytest

from governance.consent import Purpose
from governance.data_requests import (
    CLOCK,
    FURTHER,
    Kind,
    State,
    check,
    is_late,
    lengthen,
    settle,
    warnings,
)
from governance.errors import ChoiceInvalid, ReasonMissing, WrongState

CAME = datetime(2026, 2, 1, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_the_law_gives_thirty_days_and_the_last_warning_is_their_end():
    first, last = warnings(longer=False)
    assert timedelta(days=30) == CLOCK == last
    assert timedelta() < first < CLOCK


def test_what_is_difficult_is_warned_of_before_its_own_end():
    first, last = warnings(longer=True)
    assert last == CLOCK + FURTHER
    assert CLOCK < first < last


def test_the_time_is_made_longer_once_within_the_month_and_never_after_the_answer():
    due = CAME + CLOCK
    assert lengthen(State.OPEN, due, longer=False, at=due) == due + FURTHER
    for state, longer, at in (
        (State.OPEN, True, CAME),
        (State.OPEN, False, due + SECOND),
        (State.ANSWERED, False, CAME),
        (State.REFUSED, False, CAME),
    ):
        with pytest.raises(WrongState):
            lengthen(state, due, longer=longer, at=at)


@pytest.mark.parametrize("year", range(2024, 2029))
def test_two_further_months_are_never_fewer_days_than_are_taken(year):
    for month in range(1, 13):
        began = datetime(year, month, 1, tzinfo=UTC)
        ended = datetime(year + (month > 10), (month + 1) % 12 + 1, 1, tzinfo=UTC)
        assert ended - began >= FURTHER


def test_an_objection_names_a_purpose_and_nothing_else_does():
    check(Kind.OBJECTION, Purpose.PUBLISH)
    check(Kind.ACCESS, None)
    with pytest.raises(ChoiceInvalid) as no:
        check(Kind.OBJECTION, None)
    assert no.value.values["field"] == "purpose"
    for kind in (Kind.ACCESS, Kind.RECTIFICATION):
        with pytest.raises(ChoiceInvalid):
            check(kind, Purpose.PUBLISH)


def test_an_answer_ends_it_once():
    assert settle(State.OPEN, refused=False, complain="") is State.ANSWERED
    for over in (State.ANSWERED, State.REFUSED):
        with pytest.raises(WrongState):
            settle(over, refused=False, complain="")


def test_a_refusal_says_whom_to_turn_to():
    found = settle(State.OPEN, refused=True, complain="The authority")

    assert found is State.REFUSED
    with pytest.raises(ReasonMissing):
        settle(State.OPEN, refused=True, complain="  ")


def test_what_is_answered_within_its_time_stays_in_time():
    due = CAME + CLOCK

    assert not is_late(due, None, at=due)
    assert is_late(due, None, at=due + SECOND)
    assert not is_late(due, due, at=due + CLOCK)


def test_what_is_answered_late_stays_late():
    due = CAME + CLOCK

    assert is_late(due, due + SECOND, at=due + CLOCK)
