"""Calls, letters and talks in the same history, and those that never were."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from governance.cases import Act, State
from governance.errors import (
    ChoiceInvalid,
    IdempotencyMismatch,
    NotFound,
    NotYours,
    WrongState,
)
from governance.intake import Channel
from governance.pledges import PledgeKind, PledgeState
from governance.threads import Direction
from node import cases, spoken, threads
from node.cases import folding
from node.erasing import Level, Wish
from node.models.cases import Case
from node.models.pledges import Pledge
from node.models.threads import Spoken, SpokenPledge
from node.spoken import Heard
from node.threads import Words
from tests.support.erased import erase

MAIL = "ada@mailbox.example"
FIRST, NEWS = PledgeKind.FIRST_RESPONSE, PledgeKind.PROGRESS


@pytest.fixture
def made(moot):
    made = moot.tell(contact=MAIL)
    moot.bring(made, State.WORKING)
    return made


def heard(moot, direction=Direction.OUT, **given):
    found = {"channel": Channel.PHONE, "at": moot.node.now(), "text": "We spoke."}
    return Heard(id=uuid4(), direction=direction, **{**found, **given})


def call(moot, made, direction=Direction.OUT, by="cleo", **given):
    one = heard(moot, direction, **given)
    spoken.note(moot.node, made.reference, one, by=moot[by])
    moot.village.pass_time(seconds=1)
    return one


def deny(moot, made, one):
    spoken.deny(moot.node, made.reference, one.id, by=moot.guest(made))


def pledge(moot, made, kind):
    with moot.node.read() as tx:
        found = select(Pledge).where(Pledge.case_id == made.case_id)
        rows = tx.scalars(found.order_by(Pledge.round)).all()
    return [row for row in rows if row.kind is kind]


def line(moot, made, by=None):
    view = cases.view(moot.node, made.reference, by=by or moot.guest(made))
    return next(it for it in view.timeline if it.spoken)


def subjects(moot, to):
    moot.village.work(moot.node)
    return [mail["Subject"] for who, mail in moot.village.mails if who == to]


def test_what_was_said_stands_in_the_history_of_the_case(moot, made):
    one = call(moot, made, text="They will send somebody on Friday.", whole=True)

    found = line(moot, made)
    assert (found.text, found.channel) == (one.text, Channel.PHONE)
    assert (found.who, found.name) == ("advocate", "Cleo")
    assert (found.spoken.by_name, found.spoken.whole) == ("Cleo", True)
    assert found.spoken.at == one.at
    assert moot.kinds(made)[-1] == "reply"
    assert line(moot, made).seal


def test_what_a_member_said_is_theirs_and_who_wrote_it_down_is_named(moot, made):
    call(moot, made, Direction.IN, channel=Channel.LETTER)

    found = line(moot, made, moot["cleo"])
    assert (found.who, found.spoken.by_name) == ("member", "Cleo")
    assert line(moot, made).who == "you"


def test_the_ledger_says_that_the_desk_vouches_for_it(moot, made):
    for channel in (Channel.PHONE, Channel.LETTER, Channel.IN_PERSON):
        call(moot, made, Direction.IN, channel=channel)

    said = [entry for entry in moot.entries(made) if entry.kind == "reply"]
    assert [it.role for it in said] == ["advocate"] * 3
    assert [it.author for it in said] == [
        "node-attested, channel phone",
        "node-attested, channel paper",
        "node-attested, channel in_person",
    ]


def test_a_person_who_calls_has_answered_from_when_it_is_written_down(moot, made):
    early = moot.node.now()
    moot.village.pass_time(hours=1)

    call(moot, made, at=early)

    (first,) = pledge(moot, made, FIRST)
    assert first.state is PledgeState.MET
    assert first.met_at == early + timedelta(hours=1)
    assert [it.state for it in pledge(moot, made, NEWS)] == [PledgeState.RUNNING]


def test_what_a_member_said_answers_nobody_and_asks_for_an_answer(moot, made):
    call(moot, made, Direction.IN)

    assert pledge(moot, made, FIRST)[0].state is PledgeState.RUNNING


def test_an_answer_on_the_telephone_sets_the_work_going_again(moot):
    made = moot.tell()
    moot.bring(made, State.WAITING_MEMBER)

    call(moot, made, Direction.IN)

    assert moot.state(made) is State.WORKING
    assert list(folding.verify(moot.node)) == []


def test_the_desk_calling_answers_no_question_of_its_own(moot):
    made = moot.tell()
    moot.bring(made, State.WAITING_MEMBER)

    call(moot, made)

    assert moot.state(made) is State.WAITING_MEMBER


def test_its_member_is_told_that_it_was_written_down(moot, made):
    call(moot, made)

    assert any("Written down" in it for it in subjects(moot, MAIL))


def test_written_down_twice_it_stands_once(moot, made):
    one = heard(moot)
    first = spoken.note(moot.node, made.reference, one, by=moot["cleo"])

    again = spoken.note(moot.node, made.reference, one, by=moot["cleo"])

    assert again.seq == first.seq
    other = Heard(
        id=one.id, direction=one.direction, channel=one.channel, at=one.at, text="No."
    )
    with pytest.raises(IdempotencyMismatch):
        spoken.note(moot.node, made.reference, other, by=moot["cleo"])


def test_a_number_of_another_message_is_no_call(moot, made):
    words = Words(uuid4(), "We spoke.")
    threads.reply(moot.node, made.reference, words, by=moot["cleo"])
    one = Heard(
        id=words.id, direction=Direction.OUT, channel=Channel.PHONE,
        at=moot.node.now(), text=words.text,
    )  # fmt: skip

    with pytest.raises(IdempotencyMismatch):
        spoken.note(moot.node, made.reference, one, by=moot["cleo"])


@pytest.mark.parametrize("by", ["iris", "member"])
def test_only_whoever_works_on_it_writes_it_down(moot, made, by):
    who = moot.guest(made) if by == "member" else moot[by]

    with pytest.raises(NotYours):
        spoken.note(moot.node, made.reference, heard(moot), by=who)


def test_to_others_the_case_is_not_there(moot, made):
    with pytest.raises(NotFound):
        spoken.note(moot.node, made.reference, heard(moot), by=moot["eve"])


@pytest.mark.parametrize(
    "given",
    [
        {"channel": Channel.EMAIL},
        {"hours": 1},
        {"hours": -24},
    ],
)
def test_what_cannot_have_been_is_refused(moot, made, given):
    at = moot.node.now() + timedelta(hours=given.get("hours", 0))
    channel = given.get("channel", Channel.PHONE)

    with pytest.raises(ChoiceInvalid):
        call(moot, made, at=at, channel=channel)


def test_a_closed_case_takes_no_call(moot):
    made = moot.tell()
    moot.bring(made, State.CLOSED)

    with pytest.raises(WrongState):
        call(moot, made)


def test_a_call_that_never_was_keeps_no_promise(moot, made):
    one = call(moot, made)

    deny(moot, made, one)

    (first,) = pledge(moot, made, FIRST)
    assert (first.state, first.met_at) == (PledgeState.RUNNING, None)
    assert [it.state for it in pledge(moot, made, NEWS)] == [PledgeState.VOID]
    found = line(moot, made)
    assert (found.text, found.spoken.denied_at) == (one.text, moot.node.now())
    with moot.node.read() as tx:
        case = tx.get_one(Case, made.case_id)
        assert case.answer_due_at == first.due_at
        assert case.member_wrote_last


def test_what_is_over_by_then_is_missed_and_goes_up_the_ladder(moot, made):
    one = call(moot, made)
    for _ in range(6):
        moot.village.pass_time(days=1)
        moot.village.work(moot.node)
    assert pledge(moot, made, FIRST)[0].state is PledgeState.MET

    deny(moot, made, one)
    moot.village.work(moot.node)

    (first,) = pledge(moot, made, FIRST)
    assert first.state is PledgeState.OVERDUE
    assert first.missed_at == moot.node.now()
    assert moot.state(made) is State.QUEUED
    assert any("sorry" in it for it in subjects(moot, MAIL))


def test_a_late_call_that_never_was_leaves_the_ladder_to_go_on(moot, made):
    for _ in range(4):
        moot.village.pass_time(days=1)
        moot.village.work(moot.node)
    moot.act(made, Act.ASSIGN, moot["cleo"])
    one = call(moot, made)
    (first,) = pledge(moot, made, FIRST)
    assert first.state is PledgeState.MET_LATE

    deny(moot, made, one)
    for _ in range(9):
        moot.village.pass_time(days=1)
        moot.village.work(moot.node)

    (first,) = pledge(moot, made, FIRST)
    assert (first.state, first.met_at) == (PledgeState.OVERDUE, None)
    assert any("What shall we do?" in it for it in subjects(moot, MAIL))


def test_who_was_written_to_since_was_answered_then(moot, made):
    one = call(moot, made)
    moot.village.pass_time(hours=2)
    said = moot.node.now()
    threads.reply(moot.node, made.reference, Words(uuid4(), "Yes."), by=moot["cleo"])

    deny(moot, made, one)

    (first,) = pledge(moot, made, FIRST)
    assert (first.state, first.met_at) == (PledgeState.MET, said)
    assert PledgeState.RUNNING in {it.state for it in pledge(moot, made, NEWS)}


def test_a_second_call_that_never_was_answered_nobody_either(moot, made):
    one, other = call(moot, made), call(moot, made)

    for call_ in (other, one):
        deny(moot, made, call_)

    (first,) = pledge(moot, made, FIRST)
    assert (first.state, first.met_at) == (PledgeState.RUNNING, None)


def test_in_a_case_that_is_over_nothing_is_owed_again(moot, made):
    one = call(moot, made)
    moot.act(made, Act.WITHDRAW, moot.guest(made))

    deny(moot, made, one)

    assert [it.state for it in pledge(moot, made, FIRST)] == [PledgeState.VOID]


def test_words_that_a_member_never_said_are_denied_too(moot, made):
    one = call(moot, made, Direction.IN)

    deny(moot, made, one)

    assert line(moot, made).spoken.denied_at is not None


def test_the_desk_hears_of_it_once_and_it_is_sealed(moot, made):
    one = call(moot, made)

    for _ in range(2):
        deny(moot, made, one)

    for who in ("cleo", "iris"):
        told = subjects(moot, f"{who}@ash.example")
        assert len([it for it in told if "never was" in it]) == 1
    assert moot.kinds(made).count("reply") == 1
    assert moot.kinds(made)[-1] == "status"


def test_nobody_else_denies_it(moot, made):
    one = call(moot, made)

    for who, refusal in (("cleo", NotYours), ("ben", NotFound)):
        with pytest.raises(refusal):
            spoken.deny(moot.node, made.reference, one.id, by=moot[who])


def test_what_was_written_is_not_denied(moot, made):
    words = Words(uuid4(), "We spoke.")
    threads.reply(moot.node, made.reference, words, by=moot["cleo"])
    other = moot.tell()
    moot.bring(other, State.WORKING)
    elsewhere = call(moot, other)

    for id_ in (words.id, elsewhere.id, uuid4()):
        with pytest.raises(NotFound):
            spoken.deny(moot.node, made.reference, id_, by=moot.guest(made))


def test_of_an_erased_case_no_row_says_who_called(moot, made):
    call(moot, made)

    erase(moot, made, Wish(level=Level.CHAIN))

    with moot.node.read() as tx:
        assert tx.scalars(select(Spoken)).all() == []
        assert tx.scalars(select(SpokenPledge)).all() == []
