from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.cases import State
from governance.errors import (
    CharactersInvalid,
    ChoiceInvalid,
    NotYours,
    WordsMissing,
    WordsTooLong,
    WrongState,
)
from governance.plans import (
    FURTHEST,
    MOST,
    TITLE_LIMIT,
    Owner,
    check_open,
    check_step,
    check_tick,
    check_title,
    may_tick,
)
from governance.threads import OPEN

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


def test_a_step_is_one_line_in_its_authors_words():
    assert check_title(" Ask the owner\n for the  papers ") == (
        "Ask the owner for the papers"
    )


def test_a_step_has_words_and_not_too_many():
    with pytest.raises(WordsMissing):
        check_title(" \n ")
    with pytest.raises(CharactersInvalid):
        check_title("Ask\x00")
    check_title("x" * TITLE_LIMIT)
    with pytest.raises(WordsTooLong):
        check_title("x" * (TITLE_LIMIT + 1))


@given(st.text())
def test_whatever_is_a_step_stays_one(text):
    try:
        found = check_title(text)
    except (WordsMissing, WordsTooLong, CharactersInvalid):
        return
    assert check_title(found) == found
    assert len(found.splitlines()) == 1


@pytest.mark.parametrize("state", State)
def test_only_a_case_that_goes_on_has_a_next_step(state):
    if state in OPEN:
        check_open(state)
        check_step(state, 0, None, at=NOW)
        return
    with pytest.raises(WrongState):
        check_open(state)
    with pytest.raises(WrongState):
        check_step(state, 0, None, at=NOW)


def test_a_plan_can_be_full():
    check_step(State.WORKING, MOST - 1, None, at=NOW)
    with pytest.raises(ChoiceInvalid):
        check_step(State.WORKING, MOST, None, at=NOW)


@pytest.mark.parametrize(
    "wrong", [timedelta(0), timedelta(days=-1), FURTHEST + timedelta(days=1)]
)
def test_a_step_is_due_on_a_day_to_come(wrong):
    check_step(State.WORKING, 0, NOW + FURTHEST, at=NOW)
    with pytest.raises(ChoiceInvalid):
        check_step(State.WORKING, 0, NOW + wrong, at=NOW)


@pytest.mark.parametrize("owner", Owner)
def test_a_member_ticks_their_own_steps_and_who_works_on_it_all(owner):
    own = owner is Owner.MEMBER

    assert may_tick(owner, own=False, works=True)
    assert may_tick(owner, own=True, works=False) is own
    assert not may_tick(owner, own=False, works=False)
    check_tick(owner, own=False, works=True)
    with pytest.raises(NotYours):
        check_tick(owner, own=False, works=False)
