from uuid import uuid4

import pytest
from sqlalchemy import select

from federation import strict
from federation.policy import Mode
from governance.errors import ChoiceInvalid, NotFound
from node import answers, cases, federation_desk, follows, neighbours
from node.federation_desk import Treatment
from node.models.follows import Follow
from node.models.outbox import Outgoing, Target
from node.models.publications import RemoteCase
from tests.support.door import all_of
from tests.support.stranger import PUBLIC


def tell(place, oak, **changed):
    note = oak.note(name=oak.origin, **{"fm:caseStatus": "fm:open", **changed})
    return place.take(oak, oak.act("Create", note, to=note["to"]))


def seen(place, oak, cleo):
    lines = neighbours.every(place.node, by=cleo)
    return [line for line in lines if line.name == oak.origin]


def block(place, oak, mode=Mode.BLOCKED):
    how = Treatment(mode, "It sends lies.", 30)
    host = oak.origin.partition("//")[2]
    federation_desk.treat(place.node, host, how, by=place.steward)
    place.work()


def follows_with(place, oak):
    return [
        row for row in all_of(place.node, Follow) if oak.id in {row.actor, row.object}
    ]


def sent_to(place, oak):
    sent = select(Outgoing).join(Target, Target.seq == Outgoing.seq)
    with place.node.read() as tx:
        rows = tx.scalars(
            sent.where(Target.origin == oak.origin).order_by(Outgoing.seq)
        )
        return [strict.loads(row.raw) if row.raw else {} for row in rows]


def test_a_community_nobody_follows_any_more_is_on_no_desk(place, oak, cleo):
    place.follow(oak)
    tell(place, oak)
    [line] = seen(place, oak, cleo)

    follows.unfollow(place.node, oak.id, by=place.steward)

    assert seen(place, oak, cleo) == []
    with pytest.raises(NotFound):
        answers.answer(place.node, line.chain_id, uuid4(), "Hello.", by=cleo)
    place.follow(oak)
    assert seen(place, oak, cleo) == [line]


def test_blocking_ends_what_we_follow_and_who_follows_us(place, oak, cleo):
    place.follow(oak)
    place.take(oak, oak.act("Follow"))
    tell(place, oak)
    other = place.stranger()
    place.take(other, other.act("Follow"))
    assert len(follows_with(place, oak)) == 2

    block(place, oak)

    assert follows_with(place, oak) == []
    assert len(follows_with(place, other)) == 1
    assert seen(place, oak, cleo) == []
    last = sent_to(place, oak)[-2:]
    assert sorted(one["type"] for one in last) == ["Reject", "Undo"]


def test_limiting_ends_no_follow(place, oak):
    place.follow(oak)

    block(place, oak, Mode.LIMITED)

    assert len(follows_with(place, oak)) == 1


def test_a_blocked_origin_hears_of_nothing_new_but_of_what_is_taken_back(place, oak):
    place.take(oak, oak.act("Follow"))
    reference, address = place.publish()
    block(place, oak)
    before = len(sent_to(place, oak))

    place.publish()
    assert len(sent_to(place, oak)) == before
    cases.withdraw(place.node, reference, by=place.ada)

    [last] = sent_to(place, oak)[before:]
    assert (last["type"], last["object"]["id"]) == ("Delete", address)


def waiting(place, oak):
    rows = all_of(place.node, Target)
    here = [it.seq for it in rows if it.origin == oak.origin and it.state == "waiting"]
    return sorted(it.type for it in all_of(place.node, Outgoing) if it.seq in here)


@pytest.mark.parametrize("mode", [Mode.BLOCKED, Mode.LIMITED])
def test_what_waits_for_a_blocked_origin_is_let_go_of(place, oak, mode):
    place.take(oak, oak.act("Follow"))
    with oak.away():
        reference, _ = place.publish()
        cases.withdraw(place.node, reference, by=place.ada)
        place.publish()
        before = waiting(place, oak)
        assert "Delete" in before
        assert "Create" in before

        block(place, oak, mode)

        gone = {"Create"} if mode is Mode.BLOCKED else set()
        assert set(before) - set(waiting(place, oak)) == gone
        assert before.count("Delete") == waiting(place, oak).count("Delete")


def test_a_blocked_origin_is_not_followed(place, oak):
    block(place, oak)

    with pytest.raises(ChoiceInvalid):
        follows.follow(place.node, oak.id, by=place.steward)

    assert follows_with(place, oak) == []


def test_what_is_for_followers_only_is_no_public_case(place, oak, cleo):
    place.follow(oak)

    tell(place, oak, to=[f"{oak.id}/followers"], cc=[])

    assert seen(place, oak, cleo) == []
    assert oak.id not in {row.actor for row in all_of(place.node, RemoteCase)}


def test_a_public_case_that_is_now_for_followers_only_changes_nothing(place, oak, cleo):
    place.follow(oak)
    note = oak.note(name=oak.origin, **{"fm:caseStatus": "fm:open"})
    place.take(oak, oak.act("Create", note, to=[PUBLIC]))
    few = {"to": [f"{oak.id}/followers"], "cc": []}

    took = place.take(
        oak, oak.act("Update", {**note, "fm:caseStatus": "fm:closed", **few}, **few)
    )

    assert took == ["done not-for-us"]
    assert [line.status for line in seen(place, oak, cleo)] == ["fm:open"]
