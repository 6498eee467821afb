"""Appeals, and answering at once what one sentence answers."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from governance.cases import Act, Kind, Priority, State
from governance.errors import Denied, NotFound, NotYours, Refusal, WrongState
from node import cases, resolutions
from node.cases import TriageChoice
from node.models.notices import Notice
from node.threads import Words


@pytest.fixture
def closed(moot):
    made = moot.tell(contact="ada@mailbox.example")
    moot.bring(made, State.CLOSED)
    return made


def view(moot, made):
    return cases.view(moot.node, made.reference, by=moot.guest(made))


def test_its_member_appeals_and_the_stewards_are_told(moot, closed):
    sent = Words(uuid4(), "Nobody ever came.")
    assert view(moot, closed).may_appeal

    resolutions.appeal(moot.node, closed.reference, by=moot.guest(closed), words=sent)

    shown = view(moot, closed)
    assert (shown.state, shown.outcome, shown.responsible) == (State.QUEUED, None, None)
    assert shown.timeline[-1].text == "Nobody ever came."
    with moot.node.read() as tx:
        kinds = tx.scalars(select(Notice.kind)).all()
    assert kinds.count("case.appealed") == 1


def test_appealing_twice_with_the_same_words_is_once(moot, closed):
    sent, by = Words(uuid4(), "Nobody ever came."), moot.guest(closed)
    resolutions.appeal(moot.node, closed.reference, by=by, words=sent)
    before = moot.size()

    resolutions.appeal(moot.node, closed.reference, by=by, words=sent)

    assert moot.size() == before


@pytest.mark.parametrize("who", ["cleo", "iris", "dov"])
def test_nobody_appeals_for_the_member(moot, closed, who):
    with pytest.raises((Denied, NotFound, NotYours)):
        resolutions.appeal(moot.node, closed.reference, by=moot[who])


def test_the_time_to_appeal_ends(moot, closed):
    by = moot.guest(closed)
    moot.village.pass_time(days=90, seconds=1)

    with pytest.raises(WrongState):
        resolutions.appeal(moot.node, closed.reference, by=by)

    assert not cases.view(moot.node, closed.reference, by=by).may_appeal


@pytest.fixture
def question(moot):
    return moot.tell(contact="ada@mailbox.example", by=moot["ada"])


def triage(moot, made, kind):
    choice = TriageChoice(
        kind=kind, topic="housing", priority=Priority.NORMAL, area=None
    )
    cases.triage(moot.node, made.reference, choice, by=moot["iris"])


@pytest.mark.parametrize("kind", [Kind.QUESTION, Kind.THANKS, Kind.INFORMATION])
def test_one_sentence_answers_a_question_at_once(moot, question, kind):
    triage(moot, question, kind)
    words = Words(uuid4(), "The office is open on Mondays.")

    first = resolutions.answer_now(moot.node, question.reference, words, by=moot["gus"])

    shown = cases.view(moot.node, question.reference, by=moot["ada"])
    assert (shown.state, shown.responsible.name) == (State.RESOLVED, "Gus")
    assert shown.resolution.text == words.text
    kinds = [kind for kind in moot.kinds(question) if kind != "pledge"]
    assert kinds[-4:] == ["assign", "status", "reply", "status"]
    again = resolutions.answer_now(moot.node, question.reference, words, by=moot["gus"])
    assert again.seq == first.seq


@pytest.mark.parametrize("kind", [Kind.CLAIM, Kind.SUGGESTION])
def test_a_claim_is_not_answered_by_one_sentence(moot, question, kind):
    triage(moot, question, kind)
    before = moot.size()

    with pytest.raises(WrongState):
        resolutions.answer_now(
            moot.node, question.reference, Words(uuid4(), "Yes."), by=moot["gus"]
        )

    assert moot.size() == before


@pytest.mark.parametrize("who", ["iris", "ada", "cleo"])
def test_only_who_could_take_it_answers_it(moot, question, who):
    triage(moot, question, Kind.QUESTION)

    with pytest.raises(Refusal):
        resolutions.answer_now(
            moot.node, question.reference, Words(uuid4(), "Yes."), by=moot[who]
        )

    shown = cases.view(moot.node, question.reference, by=moot["ada"])
    assert shown.state is State.QUEUED
    assert Act.WITHDRAW in shown.acts
