"""What joining a common matter names, and how two cases hang together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.bonds import BondKind, check_bond, check_merge
from governance.cases import LIVE, Act, Outcome, State
from governance.errors import WrongState
from governance.joins import (
    JOINABLE,
    Mark,
    Scope,
    Tally,
    disputes,
    marks,
    recipient,
    scope_of,
    settle,
)
from governance.threads import Direction, MessageKind, Part, check_writing

REF = "AM-7KQ2M8V"


@pytest.mark.parametrize("scope", [None, *Scope])
def test_a_consent_says_with_which_matter_and_what_of_it(scope):
    named = recipient(REF, scope)

    assert named.startswith(REF)
    assert scope_of(named) is scope


def test_each_question_names_somebody_else():
    assert len({recipient(REF, scope) for scope in (None, *Scope)}) == 5


def test_others_join_what_somebody_has_read_and_what_is_here():
    assert JOINABLE < LIVE
    assert State.RECEIVED not in JOINABLE
    assert State.TRANSFERRED not in JOINABLE


def test_only_news_reach_who_joined_when_their_own_case_is_closed():
    by = Part.ADVOCATE

    found = check_writing(State.CLOSED, MessageKind.UPDATE, by=by, joined=True)

    assert found is Direction.OUT
    for kind, joined in ((MessageKind.UPDATE, False), (MessageKind.REPLY, True)):
        with pytest.raises(WrongState):
            check_writing(State.CLOSED, kind, by=by, joined=joined)


@pytest.mark.parametrize("gone", [State.DISCARDED, State.ERASED])
def test_nothing_is_linked_to_what_is_gone(gone):
    check_bond(State.RECEIVED, State.CLOSED)
    for pair in ((gone, State.QUEUED), (State.QUEUED, gone)):
        with pytest.raises(WrongState):
            check_bond(*pair)


@pytest.mark.parametrize("one", State)
@pytest.mark.parametrize("other", State)
def test_only_what_nobody_has_goes_along_with_what_somebody_looks_after(one, other):
    leads = other in LIVE - {State.RECEIVED, State.TRANSFERRED}
    if one is State.QUEUED and leads:
        check_merge(one, other)
        return
    with pytest.raises(WrongState):
        check_merge(one, other)


def test_there_are_four_ways_in_which_cases_hang_together():
    assert set(BondKind) == {"same_matter", "follows", "part_of", "related"}


@pytest.mark.parametrize(
    ("not_solved", "asked", "opens"),
    [(0, 1, False), (1, 1, False), (1, 5, False), (2, 2, True), (2, 10, True),
     (2, 11, False), (3, 15, True), (3, 16, False), (6, 30, True), (5, 30, False)],
)  # fmt: skip
def test_two_and_a_fifth_of_all_who_were_asked_open_a_matter_again(
    not_solved, asked, opens
):
    waiting = Tally(not_solved=not_solved, waiting=asked - not_solved)

    assert disputes(waiting) is opens
    assert waiting.asked == asked
    expected = (Act.DISPUTE, None) if opens else None
    assert settle(waiting) == expected


def test_who_lapsed_was_asked_and_counts_for_the_fifth():
    assert not disputes(Tally(not_solved=2, lapsed=9))
    assert disputes(Tally(not_solved=2, lapsed=8))


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        (Tally(solved=3), Outcome.RESOLVED_CONFIRMED),
        (Tally(solved=2, lapsed=1), Outcome.RESOLVED_CONFIRMED),
        (Tally(solved=9, partly=1), Outcome.PARTLY),
        (Tally(partly=1, lapsed=4), Outcome.PARTLY),
        (Tally(solved=9, not_solved=1), Outcome.RESOLVED_CONFIRMED),
    ],
)
def test_when_nobody_is_waited_for_it_closes_as_those_say_who_stay(answers, outcome):
    assert settle(answers) == (Act.CONFIRM, outcome)


@pytest.mark.parametrize(
    "answers",
    [Tally(), Tally(lapsed=3), Tally(solved=9, waiting=1), Tally(not_solved=1)],
)
def test_silence_never_settles_that_it_is_solved(answers):
    assert settle(answers) is None


@given(*[st.integers(0, 40)] * 5)
def test_no_answer_in_time_and_no_answer_yet_never_open_or_confirm_more(
    solved, partly, not_solved, waiting, lapsed
):
    tally = Tally(solved, partly, not_solved, waiting, lapsed)

    found = settle(tally)

    assert tally.asked == solved + partly + not_solved + waiting + lapsed
    if found is None:
        assert waiting or not solved + partly
    elif found[0] is Act.DISPUTE:
        assert not_solved >= 2
        assert not_solved * 5 >= tally.asked
    else:
        assert not waiting
        assert (found[1] is Outcome.PARTLY) == bool(partly)
        assert solved + partly


@pytest.mark.parametrize(
    ("joined", "due"),
    [
        (4, set()),
        (5, {Mark.REVIEW}),
        (9, {Mark.REVIEW}),
        (10, {Mark.REVIEW, Mark.RESPONDENT}),
        (24, {Mark.REVIEW, Mark.RESPONDENT}),
        (25, set(Mark)),
    ],
)
def test_so_many_make_something_due(joined, due):
    assert marks(joined) == due
