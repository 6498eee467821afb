from uuid import uuid4

import pytest

from federation import strict
from governance.errors import NotFound, Refusal
from node import (
    answers,
    approvals,
    cases,
    log,
    neighbours,
    replies,
)
from node.models.log import LedgerOutbox
from node.models.publications import PublicAnswer, PublicReply
from tests.support.neighbours import ASH, REPLY
from tests.support.publicly import (
    chain_of,
    entries,
    stored,
    withdraw_consent,
)


def test_the_ledgers_of_both_nodes_hold_what_was_said(lane):
    made = lane.tell()
    lane.publish(made)
    lane.answer()
    lane.approve(made)

    ours = entries(lane.ash, chain_of(lane, made))
    given = [one for one in ours if one.kind == "consent.give"]
    assert dict(given[-1].disclosed)["purpose"] == "publish"
    assert [(one.kind, one.role) for one in ours[-4:]] == [
        ("consent.give", "member"),
        ("disclosure", "node"),
        ("reply", "partner"),
        ("deliver", "node"),
    ]
    assert dict(ours[-2].disclosed)["text"] == REPLY
    assert dict(ours[-1].disclosed)["to"] == "https://birch.example"

    [case] = neighbours.every(lane.birch, by=lane.cleo)
    theirs = entries(lane.birch, case.chain_id)
    assert [(one.kind, one.role) for one in theirs] == [
        ("refer.in", "node"),
        ("reply", "advocate"),
    ]
    assert dict(theirs[0].disclosed)["from"] == ASH
    assert dict(theirs[1].disclosed)["text"] == REPLY


def test_the_archive_of_a_public_case_holds_every_entry(lane):
    made = lane.tell()
    lane.publish(made)
    lane.answer()
    lane.approve(made)

    assert cases.bundle(lane.ash, made.reference, by=lane.ada) is not None


def test_nothing_leaves_before_it_stands_in_the_ledger(lane, monkeypatch):
    made = lane.tell()
    lane.run()
    monkeypatch.setattr(log, "sequence", lambda _node: 0)
    before = len(lane.village.roads.carried)

    lane.publish(made)
    assert len(lane.village.roads.carried) == before
    assert stored(lane.ash, LedgerOutbox.oid) != []

    monkeypatch.undo()
    lane.run()
    assert len(lane.village.roads.carried) > before


def test_an_approval_leaves_when_its_entry_stands_in_the_ledger(lane, monkeypatch):
    made = lane.tell()
    lane.publish(made)
    lane.answer()
    monkeypatch.setattr(log, "sequence", lambda _node: 0)
    before = len(lane.village.roads.carried)

    lane.approve(made)

    assert len(lane.village.roads.carried) == before


def test_approving_twice_is_once(lane, heard):
    made = lane.tell()
    lane.publish(made)
    lane.answer()
    lane.approve(made)
    before, size = len(heard), len(entries(lane.ash, chain_of(lane, made)))

    lane.approve(made)

    assert len(heard) == before
    assert len(entries(lane.ash, chain_of(lane, made))) == size
    types = [strict.loads(body)["type"] for body in heard]
    assert types.count("Announce") == 1


def test_answering_twice_by_one_form_is_once(lane):
    made = lane.tell()
    lane.publish(made)
    [case] = neighbours.every(lane.birch, by=lane.cleo)
    form = uuid4()
    for _ in range(2):
        answers.answer(lane.birch, case.chain_id, form, REPLY, by=lane.cleo)
        lane.run()

    assert len(replies.listed(lane.ash, made.reference, by=lane.ada)) == 1
    assert len(entries(lane.birch, case.chain_id)) == 2


def test_rejecting_a_reply_tells_nobody(lane, heard):
    made = lane.tell()
    lane.publish(made)
    lane.answer()
    [line] = replies.listed(lane.ash, made.reference, by=lane.ada)
    before, size = len(heard), len(entries(lane.ash, chain_of(lane, made)))

    approvals.reject(lane.ash, made.reference, line.key, by=lane.ada)
    lane.run()

    assert len(heard) == before
    assert len(entries(lane.ash, chain_of(lane, made))) == size
    assert stored(lane.ash, PublicReply.state) == ["rejected"]
    assert stored(lane.birch, PublicAnswer.state) == ["sent"]
    with pytest.raises(NotFound):
        approvals.stamp(lane.ash, line.key)


def test_what_was_rejected_is_not_approved_behind_it(lane):
    made = lane.tell()
    lane.publish(made)
    lane.answer()
    [line] = replies.listed(lane.ash, made.reference, by=lane.ada)
    approvals.reject(lane.ash, made.reference, line.key, by=lane.ada)

    approvals.approve(lane.ash, made.reference, line.key, by=lane.ada)

    assert stored(lane.ash, PublicReply.state) == ["rejected"]


def test_who_neither_tells_nor_answers_a_case_decides_about_no_reply(lane):
    made = lane.tell()
    lane.publish(made)
    lane.answer()
    [line] = replies.listed(lane.ash, made.reference, by=lane.ada)

    for decide in (approvals.approve, approvals.reject):
        with pytest.raises(Refusal):
            decide(lane.ash, made.reference, line.key, by=lane.cleo)
        with pytest.raises(NotFound):
            decide(lane.ash, made.reference, "no-such-key", by=lane.ada)


def test_a_stamp_holds_for_as_long_as_its_case_is_public(lane):
    made = lane.tell()
    lane.publish(made)
    lane.answer()
    lane.approve(made)
    [line] = replies.listed(lane.ash, made.reference, by=lane.ada)

    assert approvals.stamp(lane.ash, line.key)["type"] == "ReplyApproval"
    withdraw_consent(lane, made)
    with pytest.raises(NotFound):
        approvals.stamp(lane.ash, line.key)


def test_an_approval_is_not_one_for_what_is_made_public_later(lane):
    made = lane.tell()
    lane.publish(made)
    lane.answer()
    lane.approve(made)
    [line] = replies.listed(lane.ash, made.reference, by=lane.ada)
    withdraw_consent(lane, made)
    lane.publish(made)

    with pytest.raises(NotFound):
        approvals.stamp(lane.ash, line.key)


def test_what_waited_for_a_decision_is_not_let_stand_beside_another_thing(lane):
    made = lane.tell()
    lane.publish(made)
    lane.answer()
    [line] = replies.listed(lane.ash, made.reference, by=lane.ada)
    withdraw_consent(lane, made)
    lane.publish(made)

    with pytest.raises(NotFound):
        approvals.approve(lane.ash, made.reference, line.key, by=lane.ada)
