"""How it goes with other nodes, as whoever runs the node reads it."""

from datetime import timedelta

import pytest

from federation.delivery import State
from federation.policy import Mode
from node import federation_status, outbox, peers
from node.federation_status import Health
from node.models.peers import Peer
from tests.support.byways import NOBODY
from tests.support.members import Statements
from tests.support.neighbours import street
from tests.support.posting import ELM, FIR, desk_in


@pytest.fixture
def desk(either):
    with desk_in(either) as desk:
        for origin in (ELM, FIR):
            with desk.ash.begin() as tx:
                peers.meet(desk.ash, tx, origin)
        yield desk


def line(node, host="elm.example"):
    return next(one for one in federation_status.known(node) if one.host == host)


def fail(desk, times):
    for _ in range(times):
        outbox.send(desk.ash, ELM)
        desk.village.pass_time(seconds=25)


def test_a_node_that_takes_everything_is_well(desk):
    desk.say("first")
    desk.send()

    found = line(desk.ash)

    assert (found.state, found.waiting) == (Health.WELL, 0)
    assert found.arrived_at == desk.village.now


def test_a_node_that_nothing_was_sent_to_is_well_and_has_taken_nothing(desk):
    found = line(desk.ash, "fir.example")

    assert (found.state, found.arrived_at, found.waiting) == (Health.WELL, None, 0)
    assert (found.mode, found.followers, found.followed) == (Mode.OPEN, 0, 0)


def test_a_node_that_fails_is_left_alone_for_longer_and_longer(desk):
    desk.elm.usual = 500
    desk.say("first")
    fail(desk, times=1)

    assert line(desk.ash).state is Health.BACKING_OFF
    assert line(desk.ash).waiting == 1

    desk.elm.usual = 202
    desk.wait(hours=1)

    assert line(desk.ash).state is Health.WELL


def test_a_node_that_failed_on_seven_days_is_dead(desk):
    desk.elm.usual = NOBODY
    desk.say("first", to=(f"{ELM}/inbox",), kind="Delete")
    for _ in range(8):
        desk.wait(days=1)

    assert line(desk.ash).state is Health.DEAD


def test_how_a_node_is_treated_is_shown(desk):
    with desk.ash.begin() as tx:
        tx.get_one(Peer, ELM).mode = Mode.LIMITED

    assert line(desk.ash).mode is Mode.LIMITED


def test_followers_are_counted_on_both_sides(tmp_path):
    with street(tmp_path) as lane:
        lane.acquaint()

        there, here = line(lane.ash, "birch.example"), line(lane.birch, "ash.example")

    assert (there.followers, there.followed) == (1, 0)
    assert (here.followers, here.followed) == (0, 1)


def test_a_hundred_nodes_are_asked_about_as_one_is(desk):
    with Statements(desk.ash) as few:
        federation_status.known(desk.ash)
    with desk.ash.begin() as tx:
        for number in range(100):
            peers.meet(desk.ash, tx, f"https://n{number}.example")

    with Statements(desk.ash) as many:
        assert len(federation_status.known(desk.ash)) == 102

    assert len(many) == len(few)


def test_what_waits_is_told_by_its_reason_and_its_next_try(desk):
    desk.elm.usual = 503
    desk.say("first", context="one")
    since = desk.village.now
    desk.send()
    desk.village.pass_time(seconds=1)
    desk.say("second", context="two", to=(f"{FIR}/inbox",))

    elm, fir = federation_status.undelivered(desk.ash)

    assert (elm.host, elm.state, elm.reason) == ("elm.example", State.WAITING, "503")
    assert (elm.count, elm.since) == (1, since)
    assert elm.next_try_at is not None
    assert elm.next_try_at > since
    assert (fir.host, fir.reason) == ("fir.example", "untried")


def test_what_a_node_refused_is_not_tried_again_by_itself(desk):
    desk.elm.usual = 409
    desk.say("first")
    desk.send()

    [found] = federation_status.undelivered(desk.ash)

    assert (found.state, found.reason) == (State.PARKED, "409")
    assert found.next_try_at is None


def test_what_arrived_or_was_taken_back_did_not_fail(desk):
    desk.say("first")
    desk.send()
    seq = desk.say("second")
    with desk.ash.begin() as tx:
        outbox.forget(tx, [seq])
    desk.wait(hours=1)

    assert federation_status.undelivered(desk.ash) == []


def test_alike_reasons_are_one_line_since_the_oldest(desk):
    desk.elm.usual = 503
    since = desk.village.now
    for number in range(3):
        desk.say(f"{number}", context=f"{number}")
        desk.village.pass_time(seconds=1)

    [found] = federation_status.undelivered(desk.ash)

    assert (found.count, found.since) == (3, since)
    assert timedelta(0) <= desk.village.now - found.since
