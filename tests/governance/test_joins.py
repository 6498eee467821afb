"""What joining a common matter names, and how two cases hang together."""

import pytest

from governance.bonds import BondKind, check_bond, check_merge
from governance.cases import LIVE, State
from governance.errors import WrongState
from governance.joins import JOINABLE, Scope, recipient, scope_of
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
