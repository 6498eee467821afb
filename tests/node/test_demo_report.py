"""What the demo's report counts, on two nodes that did not do all they should."""

import pytest

from node.demo import report as reports
from node.demo.browser import PageWrong
from node.demo.cast import HOME, NEIGHBOUR
from node.demo.catcher import Catcher
from node.demo.journey import Journey, Site
from tests.support.neighbours import ASH, BIRCH, street


@pytest.fixture
def lane(tmp_path):
    with street(tmp_path) as found:
        found.acquaint()
        yield found


@pytest.fixture
def heard():
    return []


@pytest.fixture
def trip(heard):
    return Journey(Site(HOME, ASH), Site(NEIGHBOUR, BIRCH), Catcher(0), heard.append)


def counted(lane, trip):
    return reports.report([(HOME, lane.ash), (NEIGHBOUR, lane.birch)], trip, 1.234)


def test_what_went_and_what_came_are_counted_on_both_sides(lane, trip):
    lane.publish(lane.tell())
    lane.answer()

    federation = counted(lane, trip)["federation"]

    # A follow, its yes, a case and an answer.
    assert (federation["sent"], federation["received"]) == (4, 4)
    assert federation["failed"] == 0
    assert federation["profiles"] == {"rfc9421": 4, "cavage": 0}


def test_what_did_not_arrive_counts_as_failed(lane, trip):
    lane.village.roads.away = {BIRCH}
    lane.publish(lane.tell())

    done = counted(lane, trip)

    assert done["federation"]["failed"] == 1
    assert not reports.holds(done)


def test_a_receipt_that_nobody_verified_is_missed(lane, trip):
    lane.tell()

    done = counted(lane, trip)

    assert done["receipts"]["issued"] > 0
    assert done["receipts"]["verified"] == 0
    assert not reports.holds(done)


def test_a_receipt_counts_as_verified_only_if_it_is_valid(lane, trip):
    trip.verdicts = [
        (trip.here, {"valid": True, "level": "witnessed"}),
        (trip.there, {"valid": False, "level": None}),
    ]

    receipts = counted(lane, trip)["receipts"]

    assert (receipts["verified"], receipts["witnessed"]) == (1, 1)


def test_all_is_well_when_nothing_was_missed(lane, trip):
    assert reports.holds(counted(lane, trip))


def test_a_step_that_fails_is_told_with_why_and_fails_the_demo(lane, trip, heard):
    with trip.step("somebody opens a page"):
        raise PageWrong("answered 404 where 200 was due")

    [step] = heard
    assert (step["step"], step["ok"]) == ("somebody opens a page", False)
    assert step["evidence"] == "PageWrong: answered 404 where 200 was due"
    assert not trip.ok
    assert not reports.holds(counted(lane, trip))


def test_every_name_in_the_demo_is_one_persons_alone():
    keys = [who.key for it in (HOME, NEIGHBOUR) for who in it.everybody]

    assert len(keys) == len(set(keys))
