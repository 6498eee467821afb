"""A case that waits for somebody outside or for its member, and what ends that."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from governance.cases import Act, State
from governance.errors import ChoiceInvalid, Denied, NotYours, ReasonMissing, WrongState
from node import cases, erasing, threads
from node.cases import Asked, links
from node.erasing import Level, Wish
from node.ids import new_id
from node.models.bodies import Inquiry
from node.threads import Words

WHOM, WHAT = "The housing office", "When is the boiler repaired?"


@pytest.fixture
def made(moot):
    made = moot.tell(contact="ada@mailbox.example")
    moot.bring(made, State.WORKING)
    return made


def asked(moot, **given):
    until = moot.node.now() + timedelta(days=9)
    return Asked(**{"whom": WHOM, "what": WHAT, "until": until, **given})


def view(moot, made, by=None):
    return cases.view(moot.node, made.reference, by=by or moot.guest(made))


def ask(moot, made, by="cleo", **given):
    cases.ask_other(moot.node, made.reference, asked(moot, **given), by=moot[by])


def test_the_member_sees_whom_the_case_waits_for_and_until_when(moot, made):
    ask(moot, made)

    shown = view(moot, made)
    assert shown.state is State.WAITING_OTHER
    assert shown.waits_for.whom == WHOM
    assert shown.waits_for.until == moot.node.now() + timedelta(days=9)
    assert shown.timeline[-1].reason == f"{WHOM}: {WHAT}"
    assert "status" in moot.kinds(made)


@pytest.mark.parametrize("wrong", [{"whom": " "}, {"what": ""}])
def test_whom_and_what_are_said(moot, made, wrong):
    with pytest.raises(ChoiceInvalid):
        ask(moot, made, **wrong)

    assert view(moot, made).state is State.WORKING


def test_the_day_to_come_back_lies_ahead(moot, made):
    with pytest.raises(ChoiceInvalid):
        ask(moot, made, until=moot.node.now())

    assert view(moot, made).state is State.WORKING


@pytest.mark.parametrize("who", ["iris", "gus"])
def test_a_coordinator_may_ask_too(moot, made, who):
    ask(moot, made, by=who)

    assert view(moot, made).state is State.WAITING_OTHER


def test_the_member_asks_nobody_in_the_communitys_name(moot, made):
    until = moot.node.now() + timedelta(days=1)
    asked = Asked(whom=WHOM, what=WHAT, until=until)

    with pytest.raises((Denied, NotYours)):
        cases.ask_other(moot.node, made.reference, asked, by=moot.guest(made))


def test_what_they_answered_is_filed_and_the_case_goes_on(moot, made):
    ask(moot, made)

    cases.other_replied(moot.node, made.reference, "On Monday.", by=moot["cleo"])

    shown = view(moot, made)
    assert (shown.state, shown.waits_for) == (State.WORKING, None)
    assert shown.timeline[-1].reason == "On Monday."
    with moot.node.read() as tx:
        row = tx.scalars(select(Inquiry)).one()
        assert row.answered_at == moot.node.now()
        assert WHOM.encode() not in row.whom


def test_a_coordinator_comes_back_to_it_before_the_day(moot, made):
    ask(moot, made)

    cases.come_back(moot.node, made.reference, by=moot["iris"])

    assert view(moot, made).state is State.WORKING


def test_the_member_can_write_while_others_are_waited_for(moot, made):
    ask(moot, made)
    words = Words(new_id(moot.node), "They wrote to me.")

    threads.write(moot.node, made.reference, words, by=moot.guest(made))

    assert view(moot, made).state is State.WORKING


def test_a_second_question_is_the_one_that_is_waited_for(moot, made):
    ask(moot, made)
    cases.other_replied(moot.node, made.reference, "Ask Dora.", by=moot["cleo"])
    moot.village.pass_time(hours=1)

    ask(moot, made, whom="Dora")

    assert view(moot, made).waits_for.whom == "Dora"


@pytest.mark.parametrize("who", ["cleo", "iris"])
def test_a_case_goes_on_without_its_members_answer_for_a_reason(moot, made, who):
    moot.act(made, Act.ASK_MEMBER, moot["cleo"], text="Since when?")
    with pytest.raises(ReasonMissing):
        cases.resume(moot.node, made.reference, " ", by=moot[who])

    cases.resume(moot.node, made.reference, "They told me by phone.", by=moot[who])

    shown = view(moot, made)
    assert shown.state is State.WORKING
    assert shown.timeline[-1].reason == "They told me by phone."


@pytest.mark.parametrize("do", ["other_replied", "come_back", "resume"])
def test_what_does_not_wait_is_not_taken_up_again(moot, made, do):
    more = () if do == "come_back" else ("Because.",)
    before = moot.size()

    with pytest.raises((WrongState, Denied, NotYours)):
        getattr(cases, do)(moot.node, made.reference, *more, by=moot["cleo"])

    assert moot.size() == before


def test_whom_it_waits_for_is_forgotten_with_the_entry_that_says_it(moot, made):
    ask(moot, made)
    entry = view(moot, made).timeline[-1]
    four = links.words(moot.node, made.case_id)
    wish = Wish(level=Level.CONTENT, seq=entry.seq, words=" ".join(four))

    erasing.erase(moot.node, made.reference, wish, by=moot.guest(made))

    shown = view(moot, made)
    assert (shown.waits_for.whom, shown.timeline[-1].reason) == ("", "")
