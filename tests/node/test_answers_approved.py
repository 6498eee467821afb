"""Another community lets an answer of ours stand: what has to prove it."""

from uuid import uuid4

import pytest

from node import answers, neighbours
from node.models.publications import RemoteCase
from tests.support.door import all_of
from tests.support.knocking import remote_case


@pytest.fixture
def given(place, oak, cleo):
    """The address of an answer to a case of theirs, and how it stands."""
    place.follow(oak)
    assert place.take(oak, remote_case(oak)) == ["done"]
    chain_id = all_of(place.node, RemoteCase)[-1].chain_id
    answers.answer(place.node, chain_id, uuid4(), "Hello.", by=cleo)
    place.work()

    def stands():
        [one] = neighbours.one(place.node, chain_id, by=cleo).answers
        return one.state

    [one] = neighbours.one(place.node, chain_id, by=cleo).answers
    return f"{place.node.settings.origin}/ap/replies/{one.key}", stands


def accepted(oak, reply, **more):
    return oak.act("Accept", reply, **more)


def test_an_answer_stands_when_its_community_says_so_and_shows_a_stamp(
    place, oak, given
):
    reply, stands = given

    place.take(oak, accepted(oak, reply, result=f"{oak.origin}/stamps/1"))

    assert stands() == "approved"


@pytest.mark.parametrize("result", ["https://elm.example/stamps/1", "", 7, None])
def test_a_yes_without_a_stamp_of_its_own_origin_proves_nothing(
    place, oak, given, result
):
    reply, stands = given
    before = stands()

    place.take(oak, accepted(oak, reply, result=result))

    assert stands() == before != "approved"


def test_a_yes_of_somebody_else_proves_nothing(place, given):
    reply, stands = given
    eve = place.stranger()

    place.take(eve, accepted(eve, reply, result=f"{eve.origin}/stamps/1"))

    assert stands() != "approved"
