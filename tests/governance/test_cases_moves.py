from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.cases import (
    ANSWER_NOW_KINDS,
    COMPOSITES,
    MOVES,
    Act,
    Composite,
    Kind,
    Need,
    Outcome,
    Part,
    State,
    check_needs,
    check_outcome,
    check_second_person,
    erasure,
    move,
    part_of,
)
from governance.errors import (
    ChoiceInvalid,
    ConsentMissing,
    NoMessage,
    NotYours,
    ReasonMissing,
    SecondPerson,
    WrongState,
)

ADA, BEN, CLEO, DOV = (UUID(int=number) for number in range(1, 5))
acts = st.sampled_from(sorted(Act))
parts = st.sampled_from(sorted(Part))
states = st.sampled_from([None, *sorted(State)])


@given(states, acts, parts)
def test_what_is_not_listed_cannot_happen(state, act, part):
    listed = MOVES.get((state, act))

    if listed is None:
        with pytest.raises(WrongState):
            move(state, act, by=part)
    elif part not in listed.by:
        with pytest.raises(NotYours):
            move(state, act, by=part)
    else:
        assert move(state, act, by=part) is listed


@given(st.lists(st.tuples(acts, parts), max_size=60))
def test_no_life_of_a_case_closes_it_by_its_advocate_or_leaves_the_list(life):
    state = None
    for act, part in life:
        try:
            listed = move(state, act, by=part)
        except (WrongState, NotYours):
            continue
        if listed.to is State.CLOSED:
            assert part is not Part.ADVOCATE
        assert state is not State.ERASED
        state = listed.to


def test_a_refused_act_says_what_the_case_is():
    with pytest.raises(
        WrongState, match=r"A case that is closed does not allow: "
    ) as no:
        move(State.CLOSED, Act.RESOLVE, by=Part.ADVOCATE)

    assert no.value.values == {"state": "closed", "act": "resolve"}


def test_names_of_two_words_are_said_as_two_words():
    with pytest.raises(
        WrongState, match=r"A case that is waiting member does not allow: ask member\."
    ):
        move(State.WAITING_MEMBER, Act.ASK_MEMBER, by=Part.ADVOCATE)


def test_nothing_but_words_begins_a_case():
    with pytest.raises(WrongState, match="does not exist yet"):
        move(None, Act.TRIAGE, by=Part.COORDINATOR)


def test_a_refused_person_is_told_whom_it_is_for():
    with pytest.raises(NotYours, match=r"To reopen is for: coordinator, member\."):
        move(State.CLOSED, Act.REOPEN, by=Part.ADVOCATE)


@given(states, acts)
def test_on_their_own_case_everybody_is_only_its_member(state, act):
    assert part_of(state, act, by=ADA, member=ADA, advocate=ADA) is Part.MEMBER


@pytest.mark.parametrize(
    ("state", "act", "by", "part"),
    [
        (None, Act.SUBMIT, DOV, Part.ADVOCATE),
        (State.RECEIVED, Act.TRIAGE, DOV, Part.COORDINATOR),
        (State.QUEUED, Act.ASSIGN, CLEO, Part.ADVOCATE),
        (State.QUEUED, Act.ASSIGN, DOV, Part.COORDINATOR),
        (State.ASSIGNED, Act.ACCEPT, CLEO, Part.ADVOCATE),
        (State.WORKING, Act.RELEASE, CLEO, Part.ADVOCATE),
        (State.WORKING, Act.RELEASE, DOV, Part.COORDINATOR),
        (State.WORKING, Act.REFUSE, CLEO, Part.COORDINATOR),
        (State.CLOSED, Act.ERASE, DOV, Part.STEWARD),
        (State.DISCARDED, Act.RESTORE, DOV, Part.COORDINATOR),
        (State.CLOSED, Act.RESOLVE, CLEO, Part.COORDINATOR),
    ],
)
def test_the_part_follows_from_who_works_on_the_case(state, act, by, part):
    assert part_of(state, act, by=by, member=ADA, advocate=CLEO) is part


def test_whoever_was_not_offered_a_case_cannot_accept_it():
    part = part_of(State.ASSIGNED, Act.ACCEPT, by=DOV, member=ADA, advocate=CLEO)

    with pytest.raises(NotYours):
        move(State.ASSIGNED, Act.ACCEPT, by=part)


@pytest.mark.parametrize(
    ("need", "refusal"),
    [
        (Need.TRIAGE, ChoiceInvalid),
        (Need.WHOM, ChoiceInvalid),
        (Need.DATE, ChoiceInvalid),
        (Need.OFFER, ChoiceInvalid),
        (Need.REASON, ReasonMissing),
        (Need.NOTE, ReasonMissing),
        (Need.MESSAGE, NoMessage),
        (Need.CONSENT, ConsentMissing),
        (Need.SECOND_PERSON, SecondPerson),
    ],
)
def test_each_thing_that_is_missing_has_its_own_refusal(need, refusal):
    listed = next(it for it in MOVES.values() if need in it.needs)

    with pytest.raises(refusal):
        check_needs(listed, listed.needs - {need})


@pytest.mark.parametrize("listed", MOVES.values(), ids=lambda it: it.number)
def test_whoever_brings_everything_is_let_through(listed):
    check_needs(listed, listed.needs)


@pytest.mark.parametrize("outcome", [*Outcome, None])
@pytest.mark.parametrize("listed", MOVES.values(), ids=lambda it: it.number)
def test_a_case_closes_as_nothing_but_what_its_move_lists(listed, outcome):
    if outcome in listed.outcomes or (outcome is None and not listed.outcomes):
        check_outcome(listed, outcome)
    else:
        with pytest.raises(ChoiceInvalid):
            check_outcome(listed, outcome)


@pytest.mark.parametrize("second", [BEN, CLEO])
def test_the_second_person_is_neither_the_first_nor_the_advocate(second):
    with pytest.raises(SecondPerson):
        check_second_person(second, by=BEN, advocate=CLEO)


def test_anybody_else_can_be_the_second_person():
    check_second_person(DOV, by=BEN, advocate=None)


@pytest.mark.parametrize(
    ("composite", "start", "end"),
    [
        (Composite.TAKE, State.QUEUED, State.WORKING),
        (Composite.REASSIGN, State.WORKING, State.ASSIGNED),
        (Composite.ANSWER_NOW, State.QUEUED, State.RESOLVED),
        (Composite.CHANGE_ADVOCATE, State.RESOLVED, State.QUEUED),
    ],
)
def test_a_composite_is_a_chain_of_listed_moves(composite, start, end):
    state = start
    for act in COMPOSITES[composite]:
        state = MOVES[state, act].to

    assert state is end


def test_every_composite_is_listed():
    assert COMPOSITES.keys() == set(Composite)


def test_only_what_one_sentence_can_answer_is_answered_at_once():
    assert {Kind.QUESTION, Kind.THANKS, Kind.INFORMATION} == ANSWER_NOW_KINDS


@pytest.mark.parametrize("start", State)
def test_from_every_state_erasure_is_a_chain_of_listed_moves(start):
    state = start
    for act in erasure(start):
        state = MOVES[state, act].to

    assert state is State.ERASED
