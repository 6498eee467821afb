import pytest
from sqlalchemy import select

from node import approvals, leaving, replies
from node.models.outbox import Outgoing
from node.models.publications import PublicReply, RemoteCase
from tests.support.door import all_of
from tests.support.stranger import PUBLIC

WORDS = "Ours was cold until March."


@pytest.fixture
def eve(place):
    place.village.pass_time(minutes=10)
    place.work()
    return place.stranger()


def answer(place, eve, case):
    note = eve.note(inReplyTo=case, content=f"<p>{WORDS}</p>")
    return place.take(eve, eve.act("Create", note, to=[PUBLIC]))


def tell(place, oak):
    note = oak.note(name=WORDS, **{"fm:caseStatus": "fm:open"})
    assert place.take(oak, oak.act("Create", note, to=[PUBLIC])) == ["done"]


def of(place, model, stranger):
    with place.node.read() as tx:
        rows = list(tx.scalars(select(model).where(model.actor == stranger.id)))
        tx.expunge_all()
        return rows


def leave(place, stranger):
    assert place.take(stranger, stranger.act("Delete", stranger.id)) == ["done"]


def test_whoever_leaves_takes_their_replies_along(place, eve):
    reference, case = place.publish()
    answer(place, eve, case)
    [line] = replies.listed(place.node, reference, by=place.ada)
    approvals.approve(place.node, reference, line.key, by=place.ada)
    place.work()
    answer(place, eve, case)

    leave(place, eve)

    lines = replies.listed(place.node, reference, by=place.ada)
    assert [(line.state, line.html) for line in lines] == [("deleted", "")] * 2
    sent = [row for row in all_of(place.node, Outgoing) if WORDS.encode() in row.raw]
    assert sent == []
    assert all_of(place.node, Outgoing)[-1].type == "Undo"


def test_a_community_that_leaves_takes_its_cases_along(place):
    oak, elm = place.stranger(type="Group"), place.stranger(type="Group")
    for each in (oak, elm):
        place.follow(each)
        tell(place, each)
        tell(place, each)

    leave(place, oak)

    gone = of(place, RemoteCase, oak)
    assert [(row.name, row.html) for row in gone] == [("", "")] * 2
    assert all(row.deleted_at for row in gone)
    assert [row.name for row in of(place, RemoteCase, elm)] == [WORDS] * 2


def test_however_much_somebody_said_all_of_it_goes_by_portions(place, eve, monkeypatch):
    monkeypatch.setattr(leaving, "_PORTION", 2)
    _, case = place.publish()
    for _ in range(5):
        answer(place, eve, case)

    leave(place, eve)

    assert {row.html for row in of(place, PublicReply, eve)} == {""}
