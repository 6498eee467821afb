from dataclasses import replace
from uuid import uuid4

import pytest

from governance.cases import Act, Part, State
from governance.errors import (
    IdempotencyMismatch,
    NotFound,
    NotYours,
    WordsMissing,
    WrongState,
)
from governance.pledges import PledgeKind, PledgeState
from node import cases, threads
from node.threads import Words

MAIL = "ada@mailbox.example"


def words(text="A word."):
    return Words(uuid4(), text)


def view(moot, made, by=None):
    return cases.view(moot.node, made.reference, by=by or moot.guest(made))


def answer_of(moot, made):
    lines = view(moot, made).pledges
    return next(line for line in lines if line.kind is PledgeKind.FIRST_RESPONSE)


@pytest.fixture
def made(moot):
    made = moot.tell(contact=MAIL)
    moot.bring(made, State.WORKING)
    return made


def test_a_members_words_answer_an_open_question(moot, made):
    moot.act(made, Act.ASK_MEMBER, moot["cleo"], text="Since when?")
    assert view(moot, made).ask.text == "Since when?"

    threads.write(moot.node, made.reference, words("Monday."), by=moot.guest(made))

    shown = view(moot, made)
    assert (shown.state, shown.ask) == (State.WORKING, None)
    assert moot.kinds(made)[-4:] == ["status", "reply", "reply", "status"]


def test_a_members_words_move_nothing_else(moot, made):
    threads.write(moot.node, made.reference, words(), by=moot.guest(made))

    assert view(moot, made).state is State.WORKING
    assert moot.kinds(made)[-1] == "reply"


def test_words_stand_in_the_case_exactly_as_they_were_typed(moot, made):
    text = " Line\r\n\ttwo \u202e 🏚 "

    threads.write(moot.node, made.reference, words(text), by=moot.guest(made))

    entry = view(moot, made).timeline[-1]
    assert (entry.text, entry.who, entry.machine) == (text, "you", False)
    assert view(moot, made, moot["cleo"]).timeline[-1].who == "member"


@pytest.mark.capability("2.2")
def test_only_a_person_writing_to_the_member_meets_the_first_answer(moot):
    made = moot.tell(contact=MAIL)
    moot.village.work(moot.node)
    moot.bring(made, State.WORKING)
    threads.write(moot.node, made.reference, words(), by=moot.guest(made))
    moot.village.work(moot.node)
    assert answer_of(moot, made).state is PledgeState.RUNNING

    threads.reply(moot.node, made.reference, words(), by=moot["cleo"])

    assert answer_of(moot, made).state is PledgeState.MET
    assert answer_of(moot, made).met_at == moot.node.now()


@pytest.mark.parametrize(
    ("do", "who"), [("write", "guest"), ("reply", "cleo"), ("ask", "cleo")]
)
def test_what_is_sent_twice_is_written_once(moot, made, do, who):
    by = moot.guest(made) if who == "guest" else moot[who]
    sent, send = words(), getattr(threads, do)
    first = send(moot.node, made.reference, sent, by=by)
    before = moot.size()

    second = send(moot.node, made.reference, sent, by=by)

    # The ticket of the first is for all that came of it, the next promise included.
    assert second.seq == first.seq
    assert moot.size() == before
    assert [one.text for one in view(moot, made).timeline].count("A word.") == 1


@pytest.mark.parametrize(
    ("do", "who"), [("write", "guest"), ("reply", "cleo"), ("ask", "cleo")]
)
def test_other_words_under_the_same_number_are_refused(moot, made, do, who):
    by = moot.guest(made) if who == "guest" else moot[who]
    sent, send = words(), getattr(threads, do)
    send(moot.node, made.reference, sent, by=by)

    with pytest.raises(IdempotencyMismatch):
        send(moot.node, made.reference, replace(sent, text="Other."), by=by)


def test_a_number_used_in_another_case_or_by_another_person_is_refused(moot, made):
    sent, other = words(), moot.tell()
    threads.write(moot.node, made.reference, sent, by=moot.guest(made))

    with pytest.raises(IdempotencyMismatch):
        threads.write(moot.node, other.reference, sent, by=moot.guest(other))
    with pytest.raises(IdempotencyMismatch):
        threads.reply(moot.node, made.reference, sent, by=moot["cleo"])


@pytest.mark.parametrize("who", ["iris", "gus"])
def test_a_reply_is_for_the_one_who_works_on_the_case(moot, made, who):
    before = moot.size()

    with pytest.raises(NotYours):
        threads.reply(moot.node, made.reference, words(), by=moot[who])

    assert moot.size() == before


@pytest.mark.parametrize("who", ["eve", "ada", "dov", "finn"])
@pytest.mark.parametrize("do", ["write", "reply", "ask"])
def test_whoever_may_not_see_a_case_writes_into_nothing(moot, made, do, who):
    with pytest.raises(NotFound):
        getattr(threads, do)(moot.node, made.reference, words(), by=moot[who])


def test_the_member_does_not_answer_themselves_as_the_desk(moot):
    made = moot.tell(by=moot["gus"])
    moot.bring(made, State.WORKING)

    with pytest.raises(NotYours):
        threads.reply(moot.node, made.reference, words(), by=moot["gus"])
    with pytest.raises(NotYours):
        threads.write(moot.node, made.reference, words(), by=moot["cleo"])


def test_a_closed_case_takes_no_words(moot, made):
    moot.act(made, Act.RESOLVE, moot["cleo"], text="Done.")
    moot.act(made, Act.CONFIRM, moot.guest(made))
    before = moot.size()

    with pytest.raises(WrongState):
        threads.write(moot.node, made.reference, words(), by=moot.guest(made))

    assert moot.size() == before


def test_nothing_is_no_message(moot, made):
    with pytest.raises(WordsMissing):
        threads.write(moot.node, made.reference, words(" \n"), by=moot.guest(made))


@pytest.mark.parametrize(
    ("act", "subject"), [(Act.ASK_MEMBER, "question"), (Act.RESOLVE, "Is it solved?")]
)
def test_the_member_is_told_where_to_look_and_never_what_was_written(
    moot, made, act, subject
):
    moot.village.work(moot.node)

    moot.act(made, act, moot["cleo"], text="A private sentence.")
    moot.village.work(moot.node)

    to, message = moot.village.mails[-1]
    assert (to, len(moot.village.mails)) == (MAIL, 2)
    assert subject in message["Subject"]
    assert made.track_url in message.get_content()
    assert "private" not in message["Subject"] + message.get_content()


def test_a_message_waits_while_the_relay_is_away_and_leaves_once(moot, made):
    moot.village.mailbox.away = True
    threads.reply(moot.node, made.reference, words(), by=moot["cleo"])
    moot.village.work(moot.node)
    assert moot.village.mails == []

    moot.village.mailbox.away = False
    for _ in range(3):
        moot.village.pass_time(minutes=5)
        moot.village.work(moot.node)

    subjects = [message["Subject"] for _, message in moot.village.mails]
    assert len([one for one in subjects if "answered" in one]) == 1
    assert len({message["Message-ID"] for _, message in moot.village.mails}) == 2


def test_each_message_is_sealed_as_said_by_its_author(moot, made):
    threads.write(moot.node, made.reference, words(), by=moot.guest(made))
    threads.reply(moot.node, made.reference, words(), by=moot["cleo"])

    said = [entry for entry in moot.entries(made) if entry.kind == "reply"]
    roles = [entry.role for entry in said[-2:]]

    assert roles == ["guest", Part.ADVOCATE]
