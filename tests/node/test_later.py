from datetime import timedelta
from uuid import uuid4

import pytest

from governance.cases import Act, State
from governance.errors import (
    ChoiceInvalid,
    Conflict,
    IdempotencyMismatch,
    NotFound,
    NotYours,
    WordsMissing,
    WrongState,
)
from governance.later import Withheld
from governance.pledges import PledgeKind, PledgeState
from node import cases, challenges, consent, later, threads
from node.erasing import Level
from node.later import give_up
from node.threads import Words
from tests.support.erased import erase, settle, stores, wish

TEXT = "canary: the office opens on Monday"


@pytest.fixture
def made(moot):
    made = moot.tell(contact="ada@mailbox.example")
    moot.bring(made, State.WORKING)
    return made


def plan(moot, made, by="cleo", text=TEXT, **after):
    words = Words(uuid4(), text)
    at = moot.node.now() + timedelta(**(after or {"hours": 2}))
    later.schedule(moot.node, made.reference, words, at, by=moot[by])
    return words.id


def waiting(moot, made, by="cleo"):
    return later.waiting(moot.node, made.reference, by=moot[by])


def said(moot, made):
    view = cases.view(moot.node, made.reference, by=moot.guest(made))
    return [one.text for one in view.timeline if one.kind == "reply"]


def pass_hours(moot, hours):
    moot.village.pass_time(hours=hours)
    moot.village.work(moot.node)


def told(moot, name):
    address = f"{name}@ash.example"
    return [mail["Subject"] for to, mail in moot.village.mails if to == address]


def change(moot, made, words, by="cleo", hours=4):
    seen = (moot.node.now() + timedelta(hours=hours), 1)
    later.change(moot.node, made.reference, words, seen, by=moot[by])


def release(moot, made):
    moot.act(made, Act.RELEASE, moot["cleo"], reason="I leave.", note="Nothing yet.")


@pytest.mark.capability("4.12")
def test_a_reply_leaves_at_its_time_and_not_before_and_once(moot, made):
    reply_id = plan(moot, made)
    pass_hours(moot, 1)
    assert said(moot, made) == []
    (line,) = waiting(moot, made)
    assert (line.text, line.who, line.yours, line.why) == (TEXT, "Cleo", True, None)

    pass_hours(moot, 2)
    later.send(moot.node, str(reply_id))

    assert said(moot, made) == [TEXT]
    assert waiting(moot, made) == ()
    assert moot.kinds(made).count("reply") == 1
    lines = cases.view(moot.node, made.reference, by=moot.guest(made)).pledges
    kept = {one.kind: one.state for one in lines}
    assert kept[PledgeKind.FIRST_RESPONSE] is PledgeState.MET


def test_the_member_is_told_when_it_leaves_and_nothing_before(moot, made):
    plan(moot, made)
    pass_hours(moot, 1)
    before = [to for to, _ in moot.village.mails].count("ada@mailbox.example")

    pass_hours(moot, 2)

    mails = [it for to, it in moot.village.mails if to == "ada@mailbox.example"]
    assert len(mails) == before + 1
    assert "answered" in mails[-1]["Subject"]
    assert TEXT not in mails[-1].get_content()


def test_planning_the_same_reply_twice_sends_it_once(moot, made):
    words, at = Words(uuid4(), TEXT), moot.node.now() + timedelta(hours=1)
    for _ in range(2):
        later.schedule(moot.node, made.reference, words, at, by=moot["cleo"])

    pass_hours(moot, 2)
    later.schedule(moot.node, made.reference, words, at, by=moot["cleo"])
    pass_hours(moot, 2)

    assert said(moot, made) == [TEXT]


def test_a_number_that_is_something_elses_plans_nothing(moot, made):
    at = moot.node.now() + timedelta(hours=1)
    reply_id, sent = plan(moot, made), Words(uuid4(), "Sent.")
    threads.reply(moot.node, made.reference, sent, by=moot["cleo"])

    for words, by in (
        (Words(reply_id, "Something else."), moot["cleo"]),
        (Words(reply_id, TEXT), moot["iris"]),
        (sent, moot["cleo"]),
    ):
        with pytest.raises(IdempotencyMismatch):
            later.schedule(moot.node, made.reference, words, at, by=by)


@pytest.mark.parametrize("who", ["cleo", "iris"])
def test_a_reply_that_is_taken_back_never_leaves(moot, made, who):
    reply_id = plan(moot, made)
    for _ in range(2):
        later.cancel(moot.node, made.reference, reply_id, by=moot[who])

    pass_hours(moot, 3)

    assert said(moot, made) == []
    assert waiting(moot, made) == ()


def test_what_has_left_cannot_be_taken_back_or_changed(moot, made):
    reply_id = plan(moot, made)
    pass_hours(moot, 3)

    with pytest.raises(WrongState):
        later.cancel(moot.node, made.reference, reply_id, by=moot["cleo"])
    with pytest.raises(WrongState):
        change(moot, made, Words(reply_id, "Too late."))


@pytest.mark.parametrize("hours", [1, 4])
def test_a_reply_leaves_as_it_was_changed_and_at_its_new_time(moot, made, hours):
    reply_id = plan(moot, made)
    change(moot, made, Words(reply_id, "Another day."), hours=hours)
    with pytest.raises(Conflict):
        change(moot, made, Words(reply_id, "From an old page."))

    pass_hours(moot, hours - 0.5)
    assert said(moot, made) == []
    pass_hours(moot, 1)
    pass_hours(moot, 5)

    assert said(moot, made) == ["Another day."]


def test_only_its_author_changes_a_reply(moot, made):
    reply_id = plan(moot, made)

    with pytest.raises(NotYours):
        change(moot, made, Words(reply_id, "Not mine."), by="iris")
    assert [one.yours for one in waiting(moot, made, "iris")] == [False]


def test_a_reply_stays_when_the_case_is_over_and_its_author_hears(moot, made):
    plan(moot, made)
    moot.act(made, Act.RESOLVE, moot["cleo"], text="Done.")
    moot.act(made, Act.CONFIRM, moot.guest(made), answer="solved")

    pass_hours(moot, 3)

    assert TEXT not in said(moot, made)
    assert [one.why for one in waiting(moot, made)] == [Withheld.CASE_OVER]
    assert any(made.reference in subject for subject in told(moot, "cleo"))


def test_who_no_longer_has_the_case_sends_nothing_and_is_told_without_it(moot, made):
    plan(moot, made)
    release(moot, made)

    pass_hours(moot, 3)

    assert said(moot, made) == []
    (line,) = waiting(moot, made, "iris")
    assert (line.why, line.yours) == (Withheld.NOT_THEIRS, False)


def test_who_is_behind_a_wall_by_now_sends_nothing_and_reads_no_reference(moot, made):
    plan(moot, made)
    cleo = moot.ids["cleo"]
    challenges.challenge(moot.node, made.reference, cleo, "Kin.", by=moot["olga"])
    (line,) = challenges.of_case(moot.node, made.reference, by=moot["iris"])
    challenges.decide(moot.node, line.id, stands=True, by=moot["iris"])

    pass_hours(moot, 3)

    assert said(moot, made) == []
    mails = [it for to, it in moot.village.mails if to == "cleo@ash.example"]
    (gone,) = [it for it in mails if "reply of yours" in it["Subject"]]
    assert made.reference not in gone["Subject"] + gone.get_content()


def test_without_the_members_consent_nothing_leaves(moot, made):
    plan(moot, made)
    guest = moot.guest(made)
    view = cases.view(moot.node, made.reference, by=guest)
    (one,) = [it for it in view.consents if it.purpose == "handle_case"]
    consent.revoke(moot.node, made.reference, one.id, by=guest)

    pass_hours(moot, 3)

    assert said(moot, made) == []
    assert any("reply of yours" in subject for subject in told(moot, "cleo"))


def test_what_could_not_be_sent_however_often_is_kept_and_told(moot, made):
    reply_id = plan(moot, made)
    give_up(moot.node, str(reply_id), "broken")
    assert [one.why for one in waiting(moot, made)] == [None]

    moot.village.pass_time(hours=3)
    for _ in range(2):
        give_up(moot.node, str(reply_id), "broken")
    later.send(moot.node, str(reply_id))
    moot.village.work(moot.node)

    assert [one.why for one in waiting(moot, made)] == [Withheld.FAILED]
    assert said(moot, made) == []
    held = [it for it in told(moot, "cleo") if "did not leave" in it]
    assert len(held) == 1


def test_a_held_reply_is_put_away_by_hand(moot, made):
    reply_id = plan(moot, made)
    release(moot, made)
    pass_hours(moot, 3)

    later.cancel(moot.node, made.reference, reply_id, by=moot["iris"])

    assert waiting(moot, made, "iris") == ()


@pytest.mark.parametrize("after", [{"hours": 0}, {"hours": -1}, {"days": 91}])
def test_a_moment_that_is_over_or_far_away_is_refused(moot, made, after):
    with pytest.raises(ChoiceInvalid):
        plan(moot, made, **after)
    assert waiting(moot, made) == ()


def test_only_who_may_reply_plans_a_reply(moot, made):
    at = moot.node.now() + timedelta(hours=1)
    for by, refusal in (
        (moot.guest(made), NotYours),
        (moot["ben"], NotFound),
        (moot["finn"], NotFound),
    ):
        with pytest.raises(refusal):
            later.schedule(moot.node, made.reference, Words(uuid4(), TEXT), at, by=by)
    with pytest.raises(WordsMissing):
        plan(moot, made, text=" ")
    reply_id = plan(moot, made)
    with pytest.raises(NotFound):
        later.cancel(moot.node, made.reference, reply_id, by=moot.guest(made))
    with pytest.raises(NotFound):
        later.cancel(moot.node, moot.tell().reference, reply_id, by=moot["iris"])
    assert later.waiting(moot.node, made.reference, by=moot.guest(made)) == ()


def test_nothing_is_planned_in_a_case_that_is_closed(moot, made):
    moot.act(made, Act.RESOLVE, moot["cleo"], text="Done.")
    moot.act(made, Act.CONFIRM, moot.guest(made), answer="solved")

    with pytest.raises((WrongState, NotYours)):
        plan(moot, made)


def test_a_planned_reply_goes_with_its_case(moot, made):
    plan(moot, made)
    settle(moot)

    erase(moot, made, wish(Level.CHAIN, 0))
    settle(moot)
    pass_hours(moot, 3)

    assert not any(TEXT.encode() in raw for raw in stores(moot.node).values())


def test_a_planned_reply_survives_the_erasure_of_something_else(moot, made):
    plan(moot, made)
    settle(moot)
    erase(moot, made, wish(Level.CONTENT, 0))

    assert [one.text for one in waiting(moot, made)] == [TEXT]
    pass_hours(moot, 3)
    assert said(moot, made) == [TEXT]
