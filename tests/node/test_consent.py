from uuid import uuid4

import pytest

from governance.cases import Outcome, State
from governance.consent import Purpose
from governance.errors import ChoiceInvalid, NotFound, NotYours
from node import cases, consent, threads
from node.intake import Audience
from node.threads import Words

MAIL = "ada@mailbox.example"


def view(moot, made):
    return cases.view(moot.node, made.reference, by=moot.guest(made))


def agreed(moot, made, purpose):
    lines = [line for line in view(moot, made).consents if line.purpose is purpose]
    return next(line for line in lines if line.withdrawn_at is None)


def revoke(moot, made, purpose):
    line = agreed(moot, made, purpose)
    consent.revoke(moot.node, made.reference, line.id, by=moot.guest(made))


def reply(moot, made):
    words = Words(uuid4(), "An answer.")
    threads.reply(moot.node, made.reference, words, by=moot["cleo"])


@pytest.fixture
def made(moot):
    made = moot.tell(contact=MAIL)
    moot.bring(made, State.WORKING)
    moot.village.work(moot.node)
    return made


def test_what_was_agreed_to_when_telling_is_shown(moot, made):
    shown = view(moot, made).consents

    assert {(line.purpose, line.recipient) for line in shown} == {
        (Purpose.HANDLE_CASE, Audience.ASSIGNED),
        (Purpose.CONTACT_CASE, ""),
    }


@pytest.mark.capability("1.6")
def test_no_mail_leaves_once_the_member_said_no_more(moot, made):
    revoke(moot, made, Purpose.CONTACT_CASE)

    reply(moot, made)
    moot.village.work(moot.node)

    assert len(moot.village.mails) == 1
    assert moot.kinds(made)[-2:] == ["consent.revoke", "reply"]


def test_a_mail_that_was_waiting_does_not_leave_either(moot, made):
    moot.village.mailbox.away = True
    reply(moot, made)
    moot.village.work(moot.node)

    revoke(moot, made, Purpose.CONTACT_CASE)
    moot.village.mailbox.away = False
    moot.village.pass_time(hours=2)
    moot.village.work(moot.node)

    assert len(moot.village.mails) == 1


def test_mails_come_again_once_the_member_agrees_again(moot, made):
    revoke(moot, made, Purpose.CONTACT_CASE)
    by = moot.guest(made)
    consent.give(moot.node, made.reference, Purpose.CONTACT_CASE, "", by=by)

    reply(moot, made)
    moot.village.work(moot.node)

    assert len(moot.village.mails) == 2


def test_without_consent_to_handle_it_a_case_is_taken_back(moot, made):
    revoke(moot, made, Purpose.HANDLE_CASE)

    shown = view(moot, made)
    assert (shown.state, shown.outcome) == (State.CLOSED, Outcome.WITHDRAWN)
    assert moot.kinds(made)[-2:] == ["consent.revoke", "withdraw"]


def test_taking_the_same_back_twice_is_once(moot, made):
    line = agreed(moot, made, Purpose.CONTACT_CASE)
    by = moot.guest(made)
    first = consent.revoke(moot.node, made.reference, line.id, by=by)
    before = moot.size()

    second = consent.revoke(moot.node, made.reference, line.id, by=by)

    assert (second, moot.size()) == (first, before)


@pytest.mark.parametrize("who", ["cleo", "iris"])
def test_nobody_agrees_or_takes_back_for_the_member(moot, made, who):
    line, before = agreed(moot, made, Purpose.HANDLE_CASE), moot.size()

    with pytest.raises(NotYours):
        consent.revoke(moot.node, made.reference, line.id, by=moot[who])
    with pytest.raises(NotYours):
        consent.give(moot.node, made.reference, Purpose.CONTACT_CASE, "", by=moot[who])

    assert moot.size() == before


def test_a_consent_of_another_case_is_not_there(moot, made):
    other = moot.tell(contact=MAIL)
    line = agreed(moot, other, Purpose.CONTACT_CASE)

    for id_ in (line.id, uuid4()):
        with pytest.raises(NotFound, match="no such consent"):
            consent.revoke(moot.node, made.reference, id_, by=moot.guest(made))

    assert agreed(moot, other, Purpose.CONTACT_CASE) == line


def test_every_advocate_reads_a_case_exactly_while_the_member_agrees(moot):
    made = moot.tell()
    moot.bring(made, State.QUEUED)
    by = moot.guest(made)

    def eve_reads():
        try:
            return bool(cases.view(moot.node, made.reference, by=moot["eve"]))
        except NotFound:
            return False

    seen = [eve_reads()]
    for audience in (Audience.ADVOCATES, Audience.ASSIGNED, Audience.ADVOCATES):
        consent.give(
            moot.node, made.reference, Purpose.HANDLE_CASE, audience.value, by=by
        )
        seen.append(eve_reads())
    revoke(moot, made, Purpose.HANDLE_CASE)

    assert [*seen, eve_reads()] == [False, True, False, True, False]


def test_agreeing_anew_ends_what_was_agreed_before(moot):
    made = moot.tell()
    by = moot.guest(made)

    consent.give(
        moot.node, made.reference, Purpose.HANDLE_CASE, Audience.ADVOCATES.value, by=by
    )

    open_ = [line for line in view(moot, made).consents if line.withdrawn_at is None]
    assert [line.recipient for line in open_] == [Audience.ADVOCATES]
    assert moot.kinds(made)[-2:] == ["consent.revoke", "consent.give"]
    assert view(moot, made).state is State.RECEIVED


@pytest.mark.parametrize(
    ("purpose", "recipient"),
    [
        (Purpose.HANDLE_CASE, "everybody"),
        (Purpose.CONTACT_CASE, "advocates"),
        (Purpose.SHARE_WITH_NODE, "https://birch.example"),
        (Purpose.PUBLISH, ""),
    ],
)
def test_what_is_not_offered_cannot_be_agreed_to(moot, made, purpose, recipient):
    with pytest.raises(ChoiceInvalid):
        consent.give(moot.node, made.reference, purpose, recipient, by=moot.guest(made))
