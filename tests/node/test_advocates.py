from uuid import uuid4

import pytest
from sqlalchemy import select

from federation import strict
from federation.errors import ActorGone
from governance.errors import ChoiceInvalid, NotYours, WrongState
from node import (
    actors,
    advocates,
    answers,
    collections,
    neighbours,
    outbox,
    replies,
    rotation,
)
from node.models.actors import ActorKey, AdvocateActor
from node.models.outbox import Outgoing
from node.models.peers import RemoteActor
from node.models.publications import PublicAnswer, PublicReply
from tests.support import members
from tests.support.door import visitor
from tests.support.neighbours import BIRCH, REPLY
from tests.support.publicly import stored

CLEO = "/ap/u/cleo"


@pytest.fixture
def answered(lane):
    """A case that Cleo answered in public, and whose member let it stand."""
    made = lane.tell()
    lane.publish(made)
    lane.answer()
    lane.approve(made)
    return made


def said(heard, kind):
    found = [strict.loads(body) for body in heard]
    return [one for one in found if (one["type"], one["actor"]) == (kind, BIRCH + CLEO)]


# Another shown name.


@pytest.mark.usefixtures("answered")
def test_a_new_shown_name_reaches_who_knows_the_old_one_once(lane, heard):
    for _ in range(2):
        advocates.rename(lane.birch, " Cleo of Birch ", by=lane.cleo)
        lane.run()

    [told] = said(heard, "Update")
    assert told["object"]["name"] == "Cleo of Birch"
    assert told["object"]["id"] == BIRCH + CLEO
    with lane.ash.read() as tx:
        assert tx.get(RemoteActor, BIRCH + CLEO).name == "Cleo of Birch"


def test_an_empty_name_is_the_handle(lane):
    advocates.rename(lane.birch, "  ", by=lane.cleo)

    assert advocates.own(lane.birch, by=lane.cleo) == ("cleo", "cleo")


def test_who_has_no_public_name_changes_none(lane):
    eve = visitor(lane.birch, "eve@birch.example", "advocate")

    with pytest.raises(NotYours):
        advocates.rename(lane.birch, "Eve", by=eve)

    assert advocates.own(lane.birch, by=eve) == ("", "")


def test_before_it_has_keys_nobody_is_told(lane, heard):
    eve = visitor(lane.birch, "eve@birch.example", "advocate")
    advocates.open_actor(lane.birch, "eve", "Eve", by=eve)
    advocates.rename(lane.birch, "Eva", by=eve)
    advocates.close_actor(lane.birch, by=eve)
    lane.run()

    assert not [body for body in heard if b"/ap/u/eve" in body]


# Closing it.


def test_a_closed_name_is_gone_and_says_so(lane):
    advocates.close_actor(lane.birch, by=lane.cleo)

    document, gone = actors.actor(lane.birch, CLEO)
    assert gone
    assert (document["id"], document["type"]) == (BIRCH + CLEO, "Tombstone")
    assert document["formerType"] == "Person"
    assert "publicKey" not in document
    for asked in ("acct:cleo@birch.example", BIRCH + CLEO):
        with pytest.raises(ActorGone):
            actors.webfinger(lane.birch, asked)
    for listed in (collections.followers, lambda *it: collections.outbox(*it, None)):
        with pytest.raises(ActorGone):
            listed(lane.birch, CLEO)


def test_what_stood_under_it_is_taken_back_everywhere(lane, answered, heard):
    [key] = stored(lane.birch, PublicAnswer.key)
    for _ in range(2):
        advocates.close_actor(lane.birch, by=lane.cleo)
        lane.run()

    [told] = said(heard, "Delete")
    assert told["object"]["id"] == BIRCH + CLEO
    assert answers.document(lane.birch, key)[1]
    assert stored(lane.birch, PublicAnswer.text) == [""]
    assert not [
        raw for raw in stored(lane.birch, Outgoing.raw) if REPLY.encode() in raw
    ]
    assert stored(lane.ash, PublicReply.html) == [""]
    [line] = replies.listed(lane.ash, answered.reference, by=lane.ada)
    assert (line.state, line.html) == ("deleted", "")
    with lane.ash.read() as tx:
        assert tx.get(RemoteActor, BIRCH + CLEO).gone_at is not None


@pytest.mark.usefixtures("answered")
def test_the_last_word_is_still_signed_when_a_node_was_away_for_days(lane, heard):
    lane.village.roads.away = {"https://ash.example"}
    advocates.close_actor(lane.birch, by=lane.cleo)
    lane.run()
    lane.village.pass_time(days=5)
    rotation.look(lane.birch)
    lane.village.roads.away = set()
    for _ in range(20):
        lane.village.pass_time(hours=6)
        lane.run()

    assert said(heard, "Delete")
    assert stored(lane.ash, PublicReply.state) == ["deleted"]


def test_its_private_keys_are_destroyed_in_the_end(lane):
    advocates.close_actor(lane.birch, by=lane.cleo)
    lane.village.pass_time(days=91)
    rotation.look(lane.birch)
    actors.make(lane.birch)

    with lane.birch.read() as tx:
        rows = tx.scalars(select(ActorKey).where(ActorKey.actor == CLEO)).all()
    assert [row.private for row in rows] == [None, None]


def test_nobody_gets_the_handle_again_but_another_may_be_chosen(lane):
    advocates.close_actor(lane.birch, by=lane.cleo)

    with pytest.raises(ChoiceInvalid):
        advocates.open_actor(lane.birch, "cleo", "Cleo", by=lane.cleo)
    advocates.open_actor(lane.birch, "cleo2", "Cleo", by=lane.cleo)
    with pytest.raises(WrongState):
        advocates.open_actor(lane.birch, "cleo3", "Cleo", by=lane.cleo)

    assert stored(lane.birch, AdvocateActor.handle) == ["cleo", "cleo2"]
    assert advocates.handle_of(lane.birch, by=lane.cleo) == "cleo2"


def test_who_has_no_name_closes_nothing(lane):
    eve = visitor(lane.birch, "eve@birch.example", "advocate")
    assert members.join(lane.birch, "ben@birch.example")

    advocates.close_actor(lane.birch, by=eve)

    assert stored(lane.birch, AdvocateActor.closed_at) == [None]


def test_who_has_just_chosen_a_name_can_answer_at_once(lane):
    made = lane.tell()
    lane.publish(made)
    ana = lane.advocate("ana")
    [case] = neighbours.every(lane.birch, by=ana)

    answers.answer(lane.birch, case.chain_id, uuid4(), REPLY, by=ana)
    assert outbox.due(lane.birch)
    for origin in outbox.due(lane.birch):
        outbox.send(lane.birch, origin)
    lane.run()

    [reply] = replies.listed(lane.ash, made.reference, by=lane.ada)
    assert reply.address == "@ana@birch.example"
    assert REPLY.split(".")[0] in reply.html
