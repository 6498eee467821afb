from datetime import UTC, datetime, timedelta

import pytest

from governance.consent import Purpose
from governance.data_requests import (
    CLOCK,
    WARNINGS,
    Kind,
    State,
    check,
    is_late,
    settle,
)
from governance.errors import ChoiceInvalid, ReasonMissing, WrongState

CAME = datetime(2026, 2, 1, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_the_law_gives_thirty_days_and_the_last_warning_is_their_end():
    assert timedelta(days=30) == CLOCK == WARNINGS[-1]
    assert timedelta() < WARNINGS[0] < CLOCK


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
