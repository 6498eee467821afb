"""What is owed after a breach, and until when."""

from datetime import UTC, datetime, timedelta

import pytest

from governance.breaches import (
    CLOCK,
    STEPS,
    WARNINGS,
    State,
    Step,
    is_late,
    open_steps,
    step,
)
from governance.errors import WrongState

FOUND = datetime(2026, 3, 12, 9, tzinfo=UTC)


def test_the_law_gives_72_hours_and_stewards_hear_a_day_before():
    assert timedelta(hours=72) == CLOCK == WARNINGS[-1]
    assert WARNINGS[0] == CLOCK - timedelta(days=1)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("what", Step)
def test_only_what_is_listed_can_be_done(state, what):
    if (state, what) in STEPS:
        assert step(state, what) is STEPS[state, what]
        assert what in open_steps(state)
    else:
        assert what not in open_steps(state)
        with pytest.raises(WrongState):
            step(state, what)


def test_nothing_is_closed_before_it_is_decided_whether_the_authority_knows():
    leading = {state for (state, _), to in STEPS.items() if to is State.CLOSED}

    assert leading == {State.NOTIFIED, State.NOT_NEEDED}
    assert open_steps(State.CLOSED) == ()


@pytest.mark.parametrize(
    ("decided", "at", "late"),
    [
        (None, CLOCK, False),
        (None, CLOCK + timedelta(milliseconds=1), True),
        (timedelta(hours=1), CLOCK * 2, False),
        (CLOCK * 2, CLOCK * 3, True),
    ],
)
def test_what_is_decided_late_stays_late(decided, at, late):
    when = FOUND + decided if decided is not None else None

    assert is_late(FOUND, when, at=FOUND + at) is late
