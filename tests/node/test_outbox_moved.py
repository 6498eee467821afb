import pytest

from federation.delivery import State
from node import outbox
from tests.support.posting import ACTOR, ELM, INBOX, actor_of_elm

MOVED = f"{ELM}/somewhere/else"


@pytest.mark.parametrize("status", [404, 410])
def test_an_inbox_that_is_gone_is_gone_once_its_actor_agrees(desk, status):
    desk.knows()
    desk.elm.usual = status
    desk.elm.documents[ACTOR] = actor_of_elm(INBOX)
    desk.say("first")

    desk.send()

    assert desk.elm.fetched == [ACTOR]
    assert desk.row("first").state is State.DROPPED
    assert desk.known().gone_at == desk.village.now
    with desk.ash.read() as tx:
        assert outbox.inboxes(tx, [ACTOR], "U") == []


def test_an_actor_that_is_gone_takes_its_inbox_along(desk):
    desk.knows()
    desk.elm.usual = desk.elm.documents[ACTOR] = 410
    desk.say("first")

    desk.send()

    assert desk.row("first").state is State.DROPPED
    assert desk.known().gone_at == desk.village.now


@pytest.mark.parametrize("found", [0, 500, 503])
def test_an_actor_that_cannot_be_asked_agrees_to_nothing(desk, found):
    desk.knows()
    desk.elm.script, desk.elm.documents[ACTOR] = [404], found
    desk.say("first")

    desk.send()
    assert (desk.row("first").state, desk.known().gone_at) == (State.WAITING, None)

    desk.wait(minutes=10)
    assert desk.names() == ["first"]


@pytest.mark.parametrize("status", [404, 410, 301, 308])
def test_an_actor_that_moved_its_inbox_gets_it_there(desk_on, status):
    desk_on.knows()
    desk_on.elm.usual = lambda post: status if post.url == INBOX else 202
    desk_on.elm.documents[ACTOR] = actor_of_elm(MOVED)
    desk_on.say("first")
    desk_on.say("second")

    desk_on.send()

    assert desk_on.names() == ["first", "second"]
    assert desk_on.known().inbox == MOVED
    assert desk_on.known().gone_at is None
    assert desk_on.row("first", MOVED).state is State.DONE
    assert [post.url for post in desk_on.elm.posts].count(INBOX) <= 2
    assert outbox.due(desk_on.ash) == []
