from datetime import timedelta

import pytest

from node import outbox, work
from node.outbox.couriers import LEASE
from tests.support.byways import NOBODY
from tests.support.posting import FIR, desk_in

MINUTE = timedelta(minutes=1)


@pytest.fixture
def desk(either):
    with desk_in(either) as desk:
        work.sweep(desk.ash)
        yield desk


def late(desk):
    found = work.health(desk.ash)
    return found.oldest_due, found.ready


def test_what_nobody_sends_makes_the_node_late(desk):
    desk.say("first")
    assert late(desk) == (timedelta(), True)

    desk.village.pass_time(minutes=5)
    assert late(desk) == (5 * MINUTE, False)

    desk.send()
    assert late(desk) == (timedelta(), True)


def test_what_is_written_behind_it_makes_it_no_younger(desk):
    desk.say("first")
    desk.village.pass_time(minutes=4)
    desk.say("second")
    desk.say("other", to=(f"{FIR}/inbox",))
    desk.village.pass_time(minutes=1)

    assert late(desk) == (5 * MINUTE, False)


@pytest.mark.parametrize("answer", [NOBODY, 500, (429, {"retry-after": "86400"})])
def test_a_node_that_cannot_take_anything_makes_ours_not_late(desk, answer):
    desk.elm.usual = answer
    for number in range(6):
        desk.say(f"{number}", context=f"{number}")
    desk.wait(hours=6)

    assert late(desk)[1]


def test_what_is_under_way_is_not_late_until_its_lease_ends(desk):
    seen = []

    def slow(_post):
        for _ in range(2):
            seen.append(late(desk)[1])
            desk.village.now += LEASE
        desk.village.pass_time(minutes=5)
        seen.append(late(desk)[1])
        return 202

    desk.elm.usual = slow
    desk.say("first")
    outbox.send(desk.ash, "https://elm.example")

    assert seen == [True, True, False]
