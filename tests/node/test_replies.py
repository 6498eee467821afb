import pytest
from sqlalchemy import select

from federation import strict
from federation.delivery import State
from node import approvals, cases, collections, inbox, replies
from node.models.outbox import Outgoing, Target
from node.models.publications import PublicReply
from node.replies import MOST_WAITING
from tests.support.door import all_of, got
from tests.support.races import in_turn
from tests.support.stranger import PUBLIC

WORDS = "Ours was cold until March."


@pytest.fixture
def eve(place):
    place.village.pass_time(minutes=10)
    place.work()
    return place.stranger()


def reply_of(eve, case, **changed):
    note = eve.note(inReplyTo=case, content=f"<p>{WORDS}</p>", **changed)
    return eve.act("Create", note, to=[PUBLIC])


def approve(place, reference):
    """Let every reply that waits stand beside the case."""
    for line in replies.listed(place.node, reference, by=place.ada):
        if line.state == "pending":
            approvals.approve(place.node, reference, line.key, by=place.ada)
    place.work()


def sent_to(place, eve):
    """Return what went, or is to go, to whoever this is: its type and its way."""
    sent = select(Outgoing.type, Target.state).join(Target, Target.seq == Outgoing.seq)
    with place.node.read() as tx:
        found = tx.execute(
            sent.where(Target.origin == eve.origin).order_by(Outgoing.seq)
        )
        return [(type_, state) for type_, state in found]


def holds_words(place):
    """Say whether anything that is served or sent still has the words."""
    first = collections.outbox(place.node, "/ap/c/ash", None)["first"]
    page = collections.outbox(place.node, "/ap/c/ash", int(first.rpartition("=")[2]))
    kept = [row.raw for row in all_of(place.node, Outgoing)]
    return WORDS in str(page) or any(WORDS.encode() in raw for raw in kept)


def test_a_reply_its_author_deletes_is_in_no_outbox_any_more(place, eve):
    reference, case = place.publish()
    create = reply_of(eve, case)
    place.take(eve, create)
    approve(place, reference)
    assert holds_words(place)

    place.take(eve, eve.act("Delete", create["object"]["id"]))

    assert not holds_words(place)


def test_whoever_a_reply_was_passed_on_to_learns_that_it_is_not_any_more(place, eve):
    fan = place.stranger()
    place.take(fan, fan.act("Follow"))
    reference, case = place.publish()
    create = reply_of(eve, case)
    place.take(eve, create)
    approve(place, reference)

    for _ in range(2):  # to be told twice changes nothing
        place.take(eve, eve.act("Delete", create["object"]["id"], to=[PUBLIC]))

    passed_on, undone, _ = all_of(place.node, Outgoing)[-3:]
    said = strict.loads(undone.raw)
    assert (undone.type, said["to"]) == ("Undo", [PUBLIC])
    assert said["object"]["id"] == passed_on.activity_id
    assert said["object"]["object"] == create["id"]
    assert undone.context == passed_on.context
    assert [type_ for type_, _ in sent_to(place, fan)][-3:] == [
        "Announce",
        "Undo",
        "Announce",
    ]


def test_what_was_not_sent_yet_of_a_deleted_reply_is_never_sent(place, eve):
    fan = place.stranger()
    place.take(fan, fan.act("Follow"))
    reference, case = place.publish()
    create = reply_of(eve, case)
    place.take(eve, create)
    with fan.away():
        approve(place, reference)
    assert sent_to(place, fan)[-1] == ("Announce", State.WAITING)

    place.take(eve, eve.act("Delete", create["object"]["id"]))

    assert ("Announce", State.DROPPED) in sent_to(place, fan)
    assert not holds_words(place)


def test_a_reply_that_was_never_let_stand_is_taken_back_without_a_word(place, eve):
    reference, case = place.publish()
    create = reply_of(eve, case)
    place.take(eve, create)
    before = len(all_of(place.node, Outgoing))

    place.take(eve, eve.act("Delete", create["object"]["id"]))

    [line] = replies.listed(place.node, reference, by=place.ada)
    assert (line.state, line.html) == ("deleted", "")
    assert len(all_of(place.node, Outgoing)) == before


def test_a_reply_that_went_with_its_case_is_not_taken_back_again(place, eve):
    reference, case = place.publish()
    create = reply_of(eve, case)
    place.take(eve, create)
    approve(place, reference)
    cases.withdraw(place.node, reference, by=place.ada)
    before = len(all_of(place.node, Outgoing))

    place.take(eve, eve.act("Delete", create["object"]["id"]))

    assert len(all_of(place.node, Outgoing)) == before


@pytest.mark.parametrize("first", ["author", "member"])
def test_whoever_is_quicker_a_reply_its_author_deletes_does_not_stand(
    place, eve, first
):
    reference, case = place.publish()
    create = reply_of(eve, case)
    place.take(eve, create)
    [line] = replies.listed(place.node, reference, by=place.ada)
    gone = eve.act("Delete", create["object"]["id"])
    assert eve.send(gone).status_code == 202
    calls = [
        lambda: inbox.handle(place.node, gone["id"]),
        lambda: approvals.approve(place.node, reference, line.key, by=place.ada),
    ]

    row = select(PublicReply).where(PublicReply.key == line.key)
    in_turn(place.node, row, *(calls if first == "author" else reversed(calls)))
    place.work()

    [line] = replies.listed(place.node, reference, by=place.ada)
    assert (line.state, line.html) == ("deleted", "")
    assert not holds_words(place)


def test_no_more_replies_of_one_author_wait_than_somebody_reads(place, eve):
    reference, case = place.publish()
    few = [reply_of(eve, case) for _ in range(MOST_WAITING)]
    assert place.take(eve, *few) == ["done"] * MOST_WAITING

    more = reply_of(eve, case)
    assert place.take(eve, more) == ["done too-many-waiting"]

    assert got(place.node, more).raw is None
    lines = replies.listed(place.node, reference, by=place.ada)
    assert len(lines) == MOST_WAITING


def test_others_and_other_cases_are_answered_all_the_same(place, eve):
    (_, case), (_, other) = place.publish(), place.publish()
    place.take(eve, *[reply_of(eve, case) for _ in range(MOST_WAITING)])
    bob = place.stranger()

    assert place.take(bob, reply_of(bob, case)) == ["done"]
    assert place.take(eve, reply_of(eve, other)) == ["done"]


def test_whoever_was_answered_may_write_again(place, eve):
    reference, case = place.publish()
    place.take(eve, *[reply_of(eve, case) for _ in range(MOST_WAITING)])
    approve(place, reference)

    assert place.take(eve, reply_of(eve, case)) == ["done"]
