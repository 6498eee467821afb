import pytest

from federation.delivery import State
from node import outbox
from tests.support.posting import ACTOR, ELM, INBOX, actor_of_elm

MOVED = f"{ELM}/somewhere/else"
AGREEMENT = {"type": "Offer", "object": {"type": "fm:Agreement"}}


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


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("more", [{}, {"as_": AGREEMENT}])
def test_who_leads_away_and_stays_where_it_is_is_asked_once_more(desk, status, more):
    desk.knows()
    desk.elm.script = [status]
    desk.elm.documents[ACTOR] = actor_of_elm(INBOX)
    desk.say("first", **more)

    desk.send()

    assert desk.elm.fetched == [ACTOR]
    assert [post.url for post in desk.elm.posts] == [INBOX, INBOX]
    assert desk.row("first").state is State.DONE


@pytest.mark.parametrize(
    ("more", "state"), [({}, State.DROPPED), ({"as_": AGREEMENT}, State.PARKED)]
)
def test_who_leads_away_twice_is_not_asked_a_third_time(desk, more, state):
    desk.knows()
    desk.elm.usual = 302
    desk.elm.documents[ACTOR] = actor_of_elm(INBOX)
    desk.say("first", **more)

    desk.wait(days=1)

    assert len(desk.elm.posts) == 2
    assert (desk.row("first").state, desk.row("first").answer) == (state, "302")


@pytest.mark.parametrize("more", [{}, {"as_": AGREEMENT}])
def test_an_inbox_nobody_is_known_for_is_asked_once_more(desk, more):
    desk.elm.script = [302]
    desk.say("first", **more)

    desk.send()

    assert desk.row("first").state is State.DONE


@pytest.mark.parametrize(
    ("more", "state"), [({}, State.DROPPED), ({"as_": AGREEMENT}, State.PARKED)]
)
def test_who_leads_in_a_circle_is_left_and_what_binds_is_parked(desk, more, state):
    def lead_on(post):
        other = MOVED if post.url == INBOX else INBOX
        desk.elm.documents[ACTOR] = actor_of_elm(other)
        return 301

    desk.knows()
    desk.elm.usual = lead_on
    desk.say("first", **more)

    desk.wait(days=1)

    assert len(desk.elm.posts) == 2
    assert desk.row("first", MOVED).state is state
