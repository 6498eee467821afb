"""Where a case stands, from its events alone."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.cases import MOVES, Act, Outcome, Standing, State, apply, fold

DAY = datetime(2026, 3, 2, tzinfo=UTC)
CLEO, EVE = UUID(int=1), UUID(int=2)


@dataclass(frozen=True)
class Event:
    act: Act
    to_state: State
    at: datetime = DAY
    outcome: Outcome | None = None
    whom: UUID | None = None


def lived(*acts, **more):
    """Return what happened when these acts followed each other, a day apart."""
    state, found = None, []
    for number, act in enumerate(acts):
        to = MOVES[state, act].to
        at = DAY + timedelta(days=number)
        found.append(
            Event(act, to, at, more.get(act.value), CLEO if act is Act.ASSIGN else None)
        )
        state = to
    return found


WORKED_ON = (Act.SUBMIT, Act.TRIAGE, Act.ASSIGN, Act.ACCEPT)


def test_a_case_that_was_told_is_received_and_nobodys():
    assert fold(lived(Act.SUBMIT)) == Standing()


def test_who_was_offered_it_answers_for_it_until_it_goes_back():
    assert fold(lived(*WORKED_ON)).responsible_id == CLEO
    assert fold(lived(*WORKED_ON, Act.RELEASE)).responsible_id is None


def test_closing_says_when_and_as_what():
    solved = Outcome.RESOLVED_CONFIRMED
    events = lived(*WORKED_ON, Act.RESOLVE, Act.CONFIRM, confirm=solved)

    found = fold(events)

    assert (found.state, found.outcome) == (State.CLOSED, solved)
    assert found.closed_at == DAY + timedelta(days=5)
    assert found.responsible_id == CLEO


@pytest.mark.parametrize("act", [Act.REOPEN, Act.APPEAL])
def test_what_comes_back_has_no_end_any_more_and_is_counted(act):
    events = lived(*WORKED_ON, Act.RESOLVE, Act.CONFIRM, act, confirm=Outcome.PARTLY)

    found = fold(events)

    assert (found.outcome, found.closed_at, found.reopened) == (None, None, 1)
    assert found.responsible_id is None


def test_a_dispute_holds_until_somebody_resolves_it_again():
    disputed = (*WORKED_ON, Act.RESOLVE, Act.DISPUTE)

    assert fold(lived(*disputed)).disputed
    assert fold(lived(*disputed, Act.ASK_MEMBER)).disputed
    assert not fold(lived(*disputed, Act.RESOLVE)).disputed
    assert fold(lived(*disputed)).reopened == 1


def test_what_was_put_aside_and_destroyed_is_over_and_nobodys():
    found = fold(lived(Act.SUBMIT, Act.DISCARD, Act.PURGE))

    assert (found.state, found.closed_at) == (State.ERASED, DAY + timedelta(days=2))


def test_erasing_does_not_move_the_day_it_closed():
    events = lived(Act.SUBMIT, Act.WITHDRAW, Act.ERASE, withdraw=Outcome.WITHDRAWN)

    assert fold(events).closed_at == DAY + timedelta(days=1)


@given(st.data())
def test_folding_is_applying_one_event_after_the_other(data):
    state, standing, events = None, Standing(), []
    for number in range(data.draw(st.integers(1, 30))):
        acts = sorted(act for from_, act in MOVES if from_ is state)
        if not acts:
            break
        act = data.draw(st.sampled_from(acts))
        to = MOVES[state, act].to
        whom = data.draw(st.sampled_from([CLEO, EVE]))
        event = Event(act, to, DAY + timedelta(hours=number), None, whom)
        events.append(event)
        standing, state = apply(standing, event), to

    assert fold(events) == standing
    assert standing.state is state
    assert (standing.closed_at is not None) >= (state is State.CLOSED)
