"""Saying no to a member: two people, words, and a case that can come back."""

import pytest

from governance.cases import Act, Outcome, State
from governance.errors import (
    ChoiceInvalid,
    Denied,
    NotFound,
    NotYours,
    SecondPerson,
    WordsMissing,
    WrongState,
)
from governance.pledges import PledgeKind, PledgeState
from node import cases, resolutions
from node.resolutions import Refused

NO = Refused("Please ask the city: this is theirs.", Outcome.NOT_OURS)


@pytest.fixture
def made(moot):
    made = moot.tell(contact="ada@mailbox.example")
    moot.bring(made, State.QUEUED)
    return made


def propose(moot, made, by="iris", refused=NO):
    resolutions.propose(moot.node, made.reference, refused, by=moot[by])
    (found,) = cases.behind(moot.node, made.reference, by=moot["olga"]).proposals
    return found


def agree(moot, made, found, by="olga"):
    resolutions.agree(moot.node, made.reference, found.id, by=moot[by])


def view(moot, made, by=None):
    return cases.view(moot.node, made.reference, by=by or moot.guest(made))


def test_nothing_happens_before_a_second_person_agrees(moot, made):
    before = moot.size()

    found = propose(moot, made)

    assert (view(moot, made).state, moot.size()) == (State.QUEUED, before)
    assert (found.by_name, found.words, found.yours) == ("Iris", NO.text, True)


def test_two_people_refuse_a_case_and_the_member_reads_why(moot, made):
    found = propose(moot, made)

    agree(moot, made, found)

    shown = view(moot, made)
    assert (shown.state, shown.outcome) == (State.CLOSED, Outcome.NOT_OURS)
    said = [one for one in shown.timeline if one.text == NO.text]
    assert [one.name for one in said] == ["Iris"]
    assert moot.kinds(made)[-2:] == ["reply", "close"]
    answer = PledgeKind.FIRST_RESPONSE
    kept = [it.state for it in shown.pledges if it.kind is answer]
    assert kept == [PledgeState.MET]
    assert cases.behind(moot.node, made.reference, by=moot["olga"]).proposals == ()


@pytest.mark.parametrize("who", ["iris", "gus"])
def test_who_proposed_it_or_works_on_it_is_no_second_person(moot, who):
    made = moot.tell()
    moot.bring(made, State.WORKING, by="gus")
    found = propose(moot, made, refused=Refused("Nothing helps.", Outcome.NO_REMEDY))

    with pytest.raises(SecondPerson):
        agree(moot, made, found, by=who)

    assert view(moot, made).state is State.WORKING


@pytest.mark.parametrize("who", ["cleo", "ada", "finn", "guest"])
def test_nobody_else_refuses_a_case(moot, made, who):
    by = moot.guest(made) if who == "guest" else moot[who]

    with pytest.raises((Denied, NotFound, NotYours)):
        resolutions.propose(moot.node, made.reference, NO, by=by)


def test_a_member_who_coordinates_does_not_refuse_their_own_case(moot):
    made = moot.tell(by=moot["iris"])
    moot.bring(made, State.RECEIVED)

    with pytest.raises((NotYours, WrongState)):
        resolutions.propose(moot.node, made.reference, NO, by=moot["iris"])


@pytest.mark.capability("5.16")
def test_a_refusal_has_words(moot, made):
    with pytest.raises(WordsMissing):
        propose(moot, made, refused=Refused(" ", Outcome.NOT_OURS))


def test_what_waits_in_the_queue_is_not_without_remedy(moot, made):
    with pytest.raises(ChoiceInvalid):
        propose(moot, made, refused=Refused("Nothing helps.", Outcome.NO_REMEDY))


def test_after_a_day_it_is_proposed_anew(moot, made):
    found = propose(moot, made)
    moot.village.pass_time(hours=24, seconds=1)

    with pytest.raises(WrongState):
        agree(moot, made, found)

    assert view(moot, made).state is State.QUEUED


def test_a_newer_proposal_takes_the_place_of_an_older_one(moot, made):
    old = propose(moot, made)
    moot.village.pass_time(minutes=1)

    new = propose(moot, made, by="gus", refused=Refused("Ask us later.", NO.outcome))

    assert (new.words, new.by_name) == ("Ask us later.", "Gus")
    with pytest.raises(NotFound):
        agree(moot, made, old)


@pytest.mark.parametrize("who", ["iris", "olga"])
def test_who_proposed_it_or_the_second_person_lets_it_be(moot, made, who):
    found = propose(moot, made)

    resolutions.disagree(moot.node, made.reference, found.id, by=moot[who])

    with pytest.raises(NotFound):
        agree(moot, made, found)
    assert view(moot, made).state is State.QUEUED


def test_the_case_that_moved_on_is_not_refused_by_what_was_said_before(moot, made):
    found = propose(moot, made)
    cases.withdraw(moot.node, made.reference, by=moot.guest(made))
    before = moot.size()

    with pytest.raises(WrongState):
        agree(moot, made, found)

    assert (view(moot, made).outcome, moot.size()) == (Outcome.WITHDRAWN, before)


def test_a_refused_case_can_be_appealed(moot, made):
    agree(moot, made, propose(moot, made))

    moot.act(made, Act.APPEAL, moot.guest(made), text="The city says it is yours.")

    assert view(moot, made).state is State.QUEUED
    assert moot.kinds(made)[-2:] == ["reopen", "reply"]
