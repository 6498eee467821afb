"""Who follows a community: by the rule it has, or by a steward's word."""

import pytest
from sqlalchemy import func, select

from governance.errors import NotYours
from node import actors, followers, follows, neighbours, profile
from node.models.follows import Follow
from node.models.outbox import Outgoing
from node.models.publications import RemoteCase
from node.profile import FOLLOWERS, Profile
from tests.support.neighbours import ASH, BIRCH, street

GROUP, FOLLOWER = f"{ASH}/ap/c/ash", f"{BIRCH}/ap/c/birch"


@pytest.fixture
def lane(tmp_path):
    with street(tmp_path) as found:
        yield found


def rule(lane, name):
    asked = Profile("Ash Moot", "", name)
    profile.describe(lane.ash, asked, by=lane.stewards["ash"])


def decide(lane, *, accept):
    followers.decide(lane.ash, FOLLOWER, accept=accept, by=lane.stewards["ash"])
    lane.run()


def states(lane):
    """How the follow stands: at the community that is followed, and at the other."""
    found = []
    for node in (lane.ash, lane.birch):
        with node.read() as tx:
            found.append(tx.scalar(select(Follow.state).where(Follow.object == GROUP)))
    return tuple(found)


def heard(lane):
    return len(neighbours.every(lane.birch, by=lane.cleo))


@pytest.mark.parametrize(
    ("name", "stands"),
    [
        ("open", ("accepted", "accepted")),
        ("asked", ("pending", "pending")),
        ("closed", (None, "rejected")),
    ],
)
def test_the_rule_of_the_community_answers_whoever_asks(lane, name, stands):
    rule(lane, name)

    lane.acquaint()

    assert states(lane) == stands


@pytest.mark.parametrize("name", FOLLOWERS)
def test_others_can_read_whether_they_are_let_in_at_once(lane, name):
    rule(lane, name)

    found, gone = actors.actor(lane.ash, "/ap/c/ash")

    assert not gone
    assert found["manuallyApprovesFollowers"] is (name != "open")


def test_whoever_waits_hears_of_nothing_before_a_steward_says_yes(lane):
    rule(lane, "asked")
    lane.acquaint()
    lane.publish(lane.tell())
    assert heard(lane) == 0

    decide(lane, accept=True)
    lane.publish(lane.tell())

    assert states(lane) == ("accepted", "accepted")
    assert heard(lane) == 1


def test_a_stewards_no_stands_however_often_somebody_asks(lane):
    rule(lane, "asked")
    lane.acquaint()
    decide(lane, accept=False)
    assert states(lane) == ("rejected", "rejected")
    rule(lane, "open")

    lane.acquaint()
    assert states(lane) == ("rejected", "rejected")
    follows.unfollow(lane.birch, GROUP, by=lane.stewards["birch"])
    lane.run()
    lane.acquaint()

    assert states(lane) == ("rejected", "rejected")


def test_a_steward_takes_back_their_own_no(lane):
    lane.acquaint()
    decide(lane, accept=False)
    assert states(lane) == ("rejected", "rejected")

    decide(lane, accept=True)

    assert states(lane) == ("accepted", "accepted")


def test_a_rules_no_lasts_as_long_as_the_rule(lane):
    rule(lane, "closed")
    lane.acquaint()
    rule(lane, "open")

    lane.acquaint()

    assert states(lane) == ("accepted", "accepted")


def test_whose_follow_is_ended_hears_of_nothing_new(lane):
    lane.acquaint()
    lane.publish(lane.tell())
    decide(lane, accept=False)

    lane.publish(lane.tell())

    with lane.birch.read() as tx:
        assert tx.scalar(select(func.count()).select_from(RemoteCase)) == 1
    assert heard(lane) == 0


def test_a_rule_that_became_stricter_ends_no_follow(lane):
    lane.acquaint()
    rule(lane, "asked")

    follows.unfollow(lane.birch, GROUP, by=lane.stewards["birch"])
    lane.acquaint()
    assert states(lane) == ("pending", "pending")
    decide(lane, accept=True)
    lane.run()

    assert states(lane) == ("accepted", "accepted")


def test_deciding_twice_is_once(lane):
    lane.acquaint()
    before = sent(lane)

    decide(lane, accept=True)
    decide(lane, accept=False)
    decide(lane, accept=False)

    assert sent(lane) == before + 1


def sent(lane):
    with lane.ash.read() as tx:
        return tx.scalar(select(func.count()).select_from(Outgoing))


def test_only_stewards_decide_who_follows(lane):
    lane.acquaint()

    with pytest.raises(NotYours):
        followers.decide(lane.ash, FOLLOWER, accept=False, by=lane.ada)

    assert states(lane) == ("accepted", "accepted")
