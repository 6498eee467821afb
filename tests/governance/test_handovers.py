"""What may follow what when a case is handed to a partner community."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.errors import ConsentMissing, WrongState
from governance.handovers import (
    OPEN,
    STEPS,
    Acceptance,
    State,
    Step,
    check_acceptance,
    step,
)

DUE = datetime(2026, 3, 4, 12, tzinfo=UTC)


def accepted(at):
    return Acceptance(name="Nor", answer_by=at, rules="sha256:0")


@pytest.mark.parametrize(("state", "what"), list(product(State, Step)))
def test_only_what_is_listed_can_happen(state, what):
    if (state, what) in STEPS:
        assert step(state, what) is STEPS[state, what]
        return
    with pytest.raises(WrongState):
        step(state, what)


def test_what_is_over_goes_nowhere():
    assert {state for state, _ in STEPS} == set(OPEN)


def test_every_open_one_can_be_ended_from_home():
    for state in OPEN:
        ends = {STEPS.get((state, it)) for it in (Step.UNDO, Step.REVOKE)} - {None}
        assert ends <= {State.UNDONE, State.REVOKED}
        assert ends


@given(st.lists(st.sampled_from(Step), max_size=12))
def test_nothing_is_delivered_before_it_was_offered_and_accepted(steps):
    state, seen = State.DRAFTED, []
    for what in steps:
        if (state, what) in STEPS:
            state = step(state, what)
            seen.append(what)
    if Step.DELIVER in seen:
        assert seen[:3] == [Step.OFFER, Step.ACCEPT, Step.DELIVER]


@pytest.mark.parametrize("hours", [-1, 0])
def test_a_promise_as_good_as_ours_needs_no_further_yes(hours):
    check_acceptance(accepted(DUE + timedelta(hours=hours)), ours=DUE, agreed=False)
    check_acceptance(accepted(DUE), ours=None, agreed=False)


def test_a_later_promise_needs_the_members_yes():
    late = accepted(DUE + timedelta(seconds=1))

    with pytest.raises(ConsentMissing):
        check_acceptance(late, ours=DUE, agreed=False)
    check_acceptance(late, ours=DUE, agreed=True)
