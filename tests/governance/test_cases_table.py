import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.cases import LIVE, MOVES, Act, Need, Outcome, Part, State, verb
from tests.governance.documents import SCHEMA

#: The casework document's table: number, from, action, to, who.
CASEWORK = """
T1 - submit received MAR
T2 received triage queued CAR
T3 received discard discarded CA
T4 received join closed MC
T5 received withdraw closed M
T6 queued assign assigned CRA
T7 queued withdraw closed M
T8 queued join closed MC
T9 queued refuse closed C
T10 assigned accept working A
T11 assigned decline queued A
T12 assigned expire queued R
T13 assigned withdraw closed M
T14 working ask_member waiting_member AC
T15 working ask_other waiting_other AC
T16 working release queued ACR
T17 working resolve resolved A
T18 working refuse closed C
T19 working transfer_done transferred P
T20 working withdraw closed M
T21 waiting_member member_replied working MR
T22 waiting_member resume working ACR
T23 waiting_member no_answer closed R
T24 waiting_member withdraw closed M
T25 waiting_other other_replied working RA
T26 waiting_other follow_up_due working RC
T27 waiting_other member_wrote working M
T28 waiting_other withdraw closed M
T29 resolved confirm closed M
T30 resolved dispute working M
T31 resolved lapse closed R
T32 closed reopen queued MC
T33 closed appeal queued M
T34 transferred returned queued PR
T35 transferred peer_closed resolved P
T36 transferred withdraw closed M
T37 discarded restore received CSM
T38 discarded purge erased R
T39 closed erase erased MRS
"""
LETTERS = {
    "M": Part.MEMBER,
    "A": Part.ADVOCATE,
    "C": Part.COORDINATOR,
    "S": Part.STEWARD,
    "R": Part.RULE,
    "P": Part.PEER,
}
NEEDS = {
    "T2": {Need.TRIAGE},
    "T3": {Need.REASON},
    "T4": {Need.CONSENT},
    "T6": {Need.OFFER},
    "T8": {Need.CONSENT},
    "T9": {Need.MESSAGE, Need.SECOND_PERSON},
    "T11": {Need.REASON},
    "T14": {Need.MESSAGE, Need.DATE},
    "T15": {Need.WHOM, Need.DATE},
    "T16": {Need.REASON, Need.NOTE},
    "T17": {Need.MESSAGE},
    "T18": {Need.MESSAGE, Need.SECOND_PERSON},
    "T19": {Need.CONSENT},
    "T22": {Need.REASON},
    "T38": {Need.SECOND_PERSON},
}
OUTCOMES = {
    "T4": {Outcome.JOINED},
    "T8": {Outcome.JOINED},
    "T9": {Outcome.NOT_OURS},
    "T18": {Outcome.NOT_OURS, Outcome.NO_REMEDY},
    "T23": {Outcome.UNREACHABLE},
    "T29": {Outcome.RESOLVED_CONFIRMED, Outcome.PARTLY, Outcome.TRANSFERRED_DONE},
    "T31": {Outcome.RESOLVED_UNCONFIRMED},
}
LEDGER = {"T1": "submission", "T6": "assign", "T32": "reopen", "T33": "reopen"}
LEDGER |= {"T38": "tombstone", "T39": "tombstone"}
ROWS = [row.split() for row in CASEWORK.strip().splitlines()]


def begun(word):
    return None if word == "-" else State(word)


def edges():
    return [(state, listed.to) for (state, _), listed in MOVES.items()]


def reached(start):
    found = {start}
    while more := {to for state, to in edges() if state in found} - found:
        found |= more
    return found


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_every_row_of_the_casework_table_is_a_move(row):
    number, start, act, to, who = row

    listed = MOVES[begun(start), Act(act)]

    assert (listed.number, listed.to) == (number, State(to))
    assert listed.by == {LETTERS[letter] for letter in who}


def test_there_is_no_other_move():
    numbers = [listed.number for listed in MOVES.values()]

    assert sorted(numbers) == sorted(row[0] for row in ROWS)


def test_every_act_and_every_state_is_used():
    assert {act for _, act in MOVES} == set(Act)
    assert {to for _, to in edges()} == set(State)


@pytest.mark.parametrize("listed", MOVES.values(), ids=lambda it: it.number)
def test_every_move_needs_exactly_what_its_row_requires(listed):
    assert listed.needs == NEEDS.get(listed.number, set())


@pytest.mark.parametrize("key", MOVES, ids=lambda it: MOVES[it].number)
def test_a_case_closes_only_as_its_row_says(key):
    listed = MOVES[key]
    withdrawn = {Outcome.WITHDRAWN} if key[1] is Act.WITHDRAW else set()

    assert listed.outcomes == OUTCOMES.get(listed.number, withdrawn)
    assert bool(listed.outcomes) == (listed.to is State.CLOSED)


def test_every_outcome_is_somewhere_reached():
    found = {outcome for listed in MOVES.values() for outcome in listed.outcomes}

    assert found == set(Outcome)


@pytest.mark.parametrize("key", MOVES, ids=lambda it: MOVES[it].number)
def test_every_move_is_recorded_as_the_casework_document_says(key):
    listed = MOVES[key]
    closing = "withdraw" if key[1] is Act.WITHDRAW else "close"
    usual = closing if listed.to is State.CLOSED else "status"

    assert listed.ledger == LEDGER.get(listed.number, usual)


def test_all_states_are_reached_from_received():
    assert reached(State.RECEIVED) == set(State)


@pytest.mark.parametrize("state", State)
def test_from_every_state_a_case_can_be_erased(state):
    assert State.ERASED in reached(state)


def test_the_member_withdraws_from_exactly_the_live_states():
    leaving = {state for state, act in MOVES if act is Act.WITHDRAW}

    assert leaving == LIVE
    assert all(
        MOVES[state, Act.WITHDRAW].by == {Part.MEMBER}
        and not MOVES[state, Act.WITHDRAW].needs
        for state in LIVE
    )


@pytest.mark.parametrize("state", [State.RESOLVED, State.CLOSED])
def test_the_member_brings_an_ended_case_back_to_work(state):
    back = {
        listed.to
        for (start, _), listed in MOVES.items()
        if start is state and Part.MEMBER in listed.by
    }

    assert back & LIVE


def test_no_advocate_alone_closes_a_case():
    closing = [listed for listed in MOVES.values() if listed.to is State.CLOSED]

    assert all(Part.ADVOCATE not in listed.by for listed in closing)


@pytest.mark.parametrize(
    "state",
    [
        State.ASSIGNED,
        State.WAITING_MEMBER,
        State.WAITING_OTHER,
        State.RESOLVED,
        State.DISCARDED,
    ],
)
def test_no_case_waits_for_ever_on_people(state):
    assert any(
        start is state and Part.RULE in listed.by
        for (start, _), listed in MOVES.items()
    )


@given(st.sampled_from(sorted(Act)))
def test_every_act_is_a_verb_of_the_bylaws(act):
    assert verb(act) in SCHEMA["$defs"]["verb"]["enum"] or act in {
        Act.WITHDRAW,
        Act.CONFIRM,
        Act.DISPUTE,
        Act.APPEAL,
        Act.ERASE,
    }
