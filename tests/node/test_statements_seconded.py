"""Replies in the community's name: nothing leaves before a second person agrees."""

import json
from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

import pytest

from governance.cases import Act, State
from governance.errors import (
    ChoiceInvalid,
    IdempotencyMismatch,
    NotFound,
    NotYours,
    SecondPerson,
    WordsMissing,
    WrongState,
)
from governance.later import Withheld
from governance.pledges import PledgeKind, PledgeState
from governance.texts import Medium
from node import cases, challenges, later, texts, threads
from node.models.later import LaterReply
from node.texts import Draft
from node.threads import Words

TEXT = "canary: we as a community ask them to repair it"


@pytest.fixture
def made(moot):
    made = moot.tell(contact="ada@mailbox.example")
    moot.bring(made, State.WORKING)
    return made


@pytest.fixture
def template(moot):
    return approved(moot)


def approved(moot, *, community=True):
    draft = Draft("Our word", Medium.MAIL, "en", "We ask them.", community=community)
    id_ = texts.propose(moot.node, draft, by=moot["iris"])
    texts.approve(moot.node, id_, by=moot["olga"])
    return id_


def ask(moot, made, template, by="cleo", **given):
    words = Words(**{"id": uuid4(), "text": TEXT, "began": template, **given})
    later.ask(moot.node, made.reference, words, by=moot[by])
    return words.id


def agree(moot, made, id_, by="iris"):
    return later.agree(moot.node, made.reference, id_, by=moot[by])


def waiting(moot, made, by="cleo"):
    return later.waiting(moot.node, made.reference, by=moot[by])


def said(moot, made):
    view = cases.view(moot.node, made.reference, by=moot.guest(made))
    return [one.text for one in view.timeline if one.kind == "reply"]


def pledges(moot, made):
    view = cases.view(moot.node, made.reference, by=moot["cleo"])
    return {one.kind: one.state for one in view.pledges}


def told(moot, name):
    moot.village.work(moot.node)
    address = f"{name}@ash.example"
    return [mail["Subject"] for to, mail in moot.village.mails if to == address]


@pytest.mark.capability("2.13")
def test_nothing_leaves_and_no_promise_is_kept_before_another_agrees(
    moot, made, template
):
    id_ = ask(moot, made, template)
    moot.village.pass_time(hours=2)
    moot.village.work(moot.node)
    later.send(moot.node, str(id_))
    assert said(moot, made) == []
    assert pledges(moot, made)[PledgeKind.FIRST_RESPONSE] is not PledgeState.MET

    agree(moot, made, id_)

    assert said(moot, made) == [TEXT]
    assert pledges(moot, made)[PledgeKind.FIRST_RESPONSE] is PledgeState.MET
    assert waiting(moot, made) == ()
    view = cases.view(moot.node, made.reference, by=moot.guest(made))
    (reply,) = [one for one in view.timeline if one.kind == "reply"]
    assert reply.name == "Cleo"


def test_sent_like_any_other_reply_it_is_refused(moot, made, template):
    words = Words(uuid4(), TEXT, began=template)

    with pytest.raises(SecondPerson) as refusal:
        threads.reply(moot.node, made.reference, words, by=moot["cleo"])

    assert refusal.value.code == "case.second-person"
    assert said(moot, made) == []


def test_what_left_says_who_agreed_and_with_which_template(moot, made, template):
    id_ = ask(moot, made, template)
    agree(moot, made, id_)

    digest = texts.show(moot.node, template, by=moot["iris"]).digest
    entry = next(it for it in moot.entries(made) if it.kind == "reply")
    shown = dict(entry.disclosed)
    assert (shown["template"], shown["text"]) == (digest, TEXT)
    with moot.node.read() as tx:
        assert tx.get_one(LaterReply, id_).second_id == moot.ids["iris"]


def test_the_desk_reads_that_it_waits_and_who_can_agree(moot, made, template):
    ask(moot, made, template)

    (line,) = waiting(moot, made)
    assert (line.text, line.who, line.yours) == (TEXT, "Cleo", False)
    assert set(line.seconds) == {"Gus", "Iris", "Olga"}
    assert not line.may_agree
    assert waiting(moot, made, "iris")[0].may_agree


@pytest.mark.parametrize("who", ["cleo", "eve", "finn"])
def test_whoever_wrote_it_or_approves_nothing_cannot_agree(moot, made, template, who):
    id_ = ask(moot, made, template)

    with pytest.raises((SecondPerson, NotFound)):
        agree(moot, made, id_, by=who)

    assert said(moot, made) == []
    assert len(waiting(moot, made)) == 1


def test_whoever_has_the_case_cannot_agree_to_what_another_wrote(moot, made, template):
    id_ = ask(moot, made, template)
    moot.act(made, Act.RELEASE, moot["cleo"], reason="I leave.", note="Nothing yet.")
    moot.act(made, Act.ASSIGN, moot["gus"], advocate=str(moot.ids["gus"]))

    with pytest.raises(SecondPerson):
        agree(moot, made, id_, by="gus")
    assert "Gus" not in waiting(moot, made, "iris")[0].seconds


def test_for_who_is_walled_it_is_not_there(moot, made, template):
    id_, iris = ask(moot, made, template), moot["iris"]
    challenges.challenge(
        moot.node, made.reference, moot.ids["iris"], "My neighbour.", by=iris
    )

    with pytest.raises(NotFound):
        agree(moot, made, id_)

    assert set(waiting(moot, made)[0].seconds) == {"Gus", "Olga"}


def test_those_who_can_agree_are_told_once_and_nobody_else(moot, made, template):
    id_ = ask(moot, made, template)
    ask(moot, made, template, id=id_)

    subject = f"In our name, if you agree: case {made.reference}"
    assert told(moot, "iris").count(subject) == 1
    assert told(moot, "olga").count(subject) == 1
    assert subject not in told(moot, "cleo") + told(moot, "eve") + told(moot, "ada")


def test_it_is_agreed_to_within_a_day_and_once(moot, made, template):
    first, second = ask(moot, made, template), ask(moot, made, template, text="Two.")
    agree(moot, made, first)
    with pytest.raises(WrongState):
        agree(moot, made, first, by="olga")
    moot.village.pass_time(hours=25)

    with pytest.raises(WrongState):
        agree(moot, made, second)

    assert said(moot, made) == [TEXT]


def test_its_author_takes_it_back_and_changes_none_of_it(moot, made, template):
    id_ = ask(moot, made, template)
    plan = (moot.node.now(), 1)
    with pytest.raises(WrongState):
        later.change(
            moot.node, made.reference, Words(id_, "Else."), plan, by=moot["cleo"]
        )

    later.cancel(moot.node, made.reference, id_, by=moot["cleo"])

    assert waiting(moot, made) == ()
    with pytest.raises(WrongState):
        agree(moot, made, id_)
    assert said(moot, made) == []


def test_what_may_not_be_sent_any_more_stays_here_with_the_reason(moot, made, template):
    id_ = ask(moot, made, template)
    moot.act(made, Act.RELEASE, moot["cleo"], reason="I leave.", note="Nothing yet.")

    assert agree(moot, made, id_) is None

    assert said(moot, made) == []
    (line,) = waiting(moot, made, "iris")
    assert (line.why, line.seconds) == (Withheld.NOT_THEIRS, None)


def test_the_same_number_is_the_same_words(moot, made, template):
    id_ = ask(moot, made, template)
    ask(moot, made, template, id=id_)
    assert len(waiting(moot, made)) == 1

    with pytest.raises(IdempotencyMismatch):
        ask(moot, made, template, text="Something else.", id=id_)


def test_only_who_answers_asks_and_only_with_such_a_template(moot, made, template):
    for began in (None, approved(moot, community=False), uuid4()):
        with pytest.raises(ChoiceInvalid):
            ask(moot, made, began)
    with pytest.raises(NotYours):
        ask(moot, made, template, by="iris")
    with pytest.raises(NotFound):
        ask(moot, made, template, by="eve")
    with pytest.raises(WordsMissing):
        ask(moot, made, template, text=" ")
    with pytest.raises(ChoiceInvalid) as refusal:
        ask(moot, made, template, files=(object(),))
    assert refusal.value.values["field"] == "files"
    assert waiting(moot, made) == ()


def test_an_ordinary_reply_is_nothing_to_agree_to(moot, made):
    at = moot.node.now() + timedelta(hours=2)
    words = Words(uuid4(), TEXT)
    later.schedule(moot.node, made.reference, words, at, by=moot["cleo"])

    for id_ in (words.id, uuid4()):
        with pytest.raises(NotFound):
            agree(moot, made, id_)


def test_a_template_says_whose_word_it_is_and_its_hash_says_so(moot):
    ids = [approved(moot, community=each) for each in (True, False)]

    found = [texts.show(moot.node, id_, by=moot["iris"]) for id_ in ids]

    assert [it.community for it in found] == [True, False]
    whole = ["Our word", "mail", "en", 1, "We ask them.", "community"]
    assert found[0].digest == sha256(json.dumps(whole).encode()).hexdigest()
