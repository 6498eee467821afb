"""When a node was heard from: by what it proved, not by what we sent it."""

from node import federation_desk, follows
from tests.support.members import Statements
from tests.support.stranger import ACTIVITY, rsa_key


def line(place, stranger):
    host = stranger.origin.partition("//")[2]
    return federation_desk.one(place.node, host, by=place.steward)


def hosts(place):
    lines, _ = federation_desk.known(place.node, by=place.steward)
    return [one.host for one in lines]


def test_whoever_was_heard_from_last_stands_first(place, eve):
    bob = place.stranger()
    for who in (eve, bob, eve):
        place.village.pass_time(days=3)
        place.take(who, who.act("Like"))

    assert line(place, eve).seen_at == place.village.now
    assert hosts(place)[:2] == [line(place, eve).host, line(place, bob).host]


def test_whoever_we_only_wrote_to_was_never_heard_from(place, eve):
    follows.follow(place.node, eve.id, by=place.steward)
    place.work()

    assert line(place, eve).first_seen_at is not None
    assert line(place, eve).seen_at is None
    assert hosts(place)[-1] == line(place, eve).host


def test_what_is_not_proven_is_no_word_from_anybody(place, eve):
    place.take(eve, eve.act("Like"))
    heard = line(place, eve).seen_at
    place.village.pass_time(days=1)

    for signer in (eve.signer(rsa_key(9)), eve.signer(key_id=f"{eve.id}#no")):
        assert eve.send(eve.act("Like"), signer=signer).status_code == 401
    assert eve.knock(b"{}", [("Content-Type", ACTIVITY)]).status_code == 401

    assert line(place, eve).seen_at == heard


def test_much_of_one_minute_is_written_down_once(place, eve):
    place.take(eve, eve.act("Like"))
    counts = []
    for seconds in (59, 1, 1):
        place.village.pass_time(seconds=seconds)
        with Statements(place.node) as said:
            eve.send(eve.act("Like"))
        counts.append(sum("UPDATE peer" in one or "INTO peer" in one for one in said))

    assert counts == [0, 1, 0]
