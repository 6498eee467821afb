"""What is left of an activity once it was acted on: no fetch, and no bytes."""

import pytest

from node import approvals, jobs, replies
from node.models.outbox import Outgoing
from node.models.publications import PublicReply
from tests.support.door import all_of, got, refused
from tests.support.stranger import PUBLIC, dump


@pytest.mark.parametrize("status", [200, 404, 500])
def test_what_is_passed_on_makes_us_ask_nobody(place, eve, status):
    victim = place.stranger()
    about = victim.note()
    victim.put(about["id"], about, status=status)
    named = eve.act("Announce", about["id"])
    whole = eve.act("Announce", victim.act("Create", about, to=[PUBLIC]))

    assert place.take(eve, named, whole) == ["done ignored"] * 2
    for _ in range(jobs.MOST_ATTEMPTS):
        place.village.pass_time(hours=2)
        place.work()

    assert victim.fetched == 0


def reply(place, eve):
    """Return the reference of a case, and a reply to it that waits for a yes."""
    reference, case = place.publish()
    written = eve.act("Create", eve.note(inReplyTo=case), to=[PUBLIC])
    assert place.take(eve, written) == ["done"]
    return reference, written


def kept(place, written):
    rows = {row.activity_id: row for row in all_of(place.node, PublicReply)}
    return rows[written["id"]].raw


def decide(place, reference, decision):
    [line] = replies.listed(place.node, reference, by=place.ada)
    decision(place.node, reference, line.key, by=place.ada)
    place.work()


def test_nothing_that_was_acted_on_keeps_its_bytes(place, eve):
    said = [
        eve.act("Follow"),
        eve.act("Like", "https://x.example/1", content="words" * 1000),
        eve.act("Create", eve.note(inReplyTo=eve.group), to=[PUBLIC]),
        eve.act("Follow", object=...),
        reply(place, eve)[1],
    ]

    ends = place.take(eve, *said)

    assert ends == [
        "done", "done ignored", "done not-for-us", "refused activity.malformed", "done",
    ]  # fmt: skip
    assert [got(place.node, each).raw for each in said] == [None] * 5


def test_what_was_acted_on_is_known_again_for_ever(place, eve):
    like = eve.act("Like")
    place.take(eve, like)

    place.village.pass_time(days=4000)
    place.work()

    assert eve.send(like).status_code == 202
    assert refused(eve.send({**like, "summary": "other"}), 409, code="id.other-bytes")
    assert got(place.node, like).state == "done"


def test_a_reply_is_kept_as_it_was_signed_until_it_is_passed_on(place, eve):
    place.take(eve, eve.act("Follow"))
    reference, written = reply(place, eve)
    assert kept(place, written) == dump(written)

    decide(place, reference, approvals.approve)

    assert kept(place, written) is None
    told = [row.raw for row in all_of(place.node, Outgoing) if row.type == "Announce"]
    assert [written["object"]["id"].encode() in raw for raw in told].count(True) == 1


def test_a_reply_that_nobody_will_pass_on_is_not_kept_as_it_was_signed(place, eve):
    reference, written = reply(place, eve)
    decide(place, reference, approvals.reject)
    assert kept(place, written) is None

    _, taken_back = reply(place, eve)
    place.take(eve, eve.act("Delete", taken_back["object"]["id"], to=[PUBLIC]))
    assert kept(place, taken_back) is None
