from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from federation.delivery import State
from federation.policy import Mode
from governance.errors import ChoiceInvalid, NotFound, NotYours, WordsMissing
from node import backlog, federation_desk, follows, peers, reviews
from node.federation_desk import MOST, Treatment
from node.models.notices import Notice
from node.models.outbox import Courier, Target
from node.models.peers import Peer
from tests.support.members import Statements
from tests.support.neighbours import ASH, street
from tests.support.publicly import entries, stored

BLOCKED = Treatment(Mode.BLOCKED, " It sends lies. ", 30)
STEWARDS = 2


@pytest.fixture
def lane(tmp_path):
    with street(tmp_path) as found:
        yield found


@pytest.fixture
def dov(lane):
    return lane.stewards["birch"]


def test_a_decision_is_kept_with_its_reason_and_the_day_it_is_looked_at_again(
    lane, dov
):
    federation_desk.treat(lane.birch, "cedar.example", BLOCKED, by=dov)

    found = federation_desk.one(lane.birch, "CEDAR.example", by=dov)
    assert (found.mode, found.reason) == (Mode.BLOCKED, "It sends lies.")
    assert found.review_at == lane.village.now + timedelta(days=30)


def test_what_is_decided_is_what_the_inbox_goes_by(lane, dov):
    federation_desk.treat(lane.birch, "cedar.example", BLOCKED, by=dov)

    with lane.birch.read() as tx:
        assert peers.modes(tx, ["https://cedar.example"]) == (Mode.BLOCKED,)


def test_whoever_is_treated_like_any_other_again_is_not_looked_at_again(lane, dov):
    federation_desk.treat(lane.birch, "cedar.example", BLOCKED, by=dov)

    calm = Treatment(Mode.OPEN, "", 30)
    federation_desk.treat(lane.birch, "cedar.example", calm, by=dov)

    found = federation_desk.one(lane.birch, "cedar.example", by=dov)
    assert (found.mode, found.review_at) == (Mode.OPEN, None)


def test_the_ledger_holds_what_was_decided_about_a_node_and_why(lane, dov):
    federation_desk.treat(lane.birch, "cedar.example", BLOCKED, by=dov)
    calm = Treatment(Mode.OPEN, "They wrote to us.", 30)
    federation_desk.treat(lane.birch, "cedar.example", calm, by=dov)

    [chain_id] = [one for one in stored(lane.birch, Peer.chain_id) if one]
    said = entries(lane.birch, chain_id)
    due = (lane.village.now + timedelta(days=30)).isoformat()
    assert [(one.kind, one.role, dict(one.disclosed)) for one in said] == [
        ("status", "steward", {"action": "node.block https://cedar.example",
                               "from": "open", "to": "blocked",
                               "reason": "It sends lies."}),
        ("pledge", "node", {"what": "review", "due": due, "outcome": "promised"}),
        ("status", "steward", {"action": "node.block https://cedar.example",
                               "from": "blocked", "to": "open",
                               "reason": "They wrote to us."}),
    ]  # fmt: skip


def test_on_the_day_it_is_due_stewards_are_told_once(lane, dov):
    federation_desk.treat(lane.birch, "cedar.example", BLOCKED, by=dov)
    lane.village.pass_time(days=29)
    lane.run()
    assert _told(lane) == 0

    lane.village.pass_time(days=2)
    lane.run()
    reviews.remind(lane.birch, "https://cedar.example")

    # Dov, and the steward who founded it; nobody else, and nothing else changes.
    assert _told(lane) == STEWARDS
    found = federation_desk.one(lane.birch, "cedar.example", by=dov)
    assert (found.mode, found.due) == (Mode.BLOCKED, True)


def test_who_looked_before_the_day_is_told_on_the_new_one(lane, dov):
    federation_desk.treat(lane.birch, "cedar.example", BLOCKED, by=dov)
    lane.village.pass_time(days=20)
    federation_desk.treat(lane.birch, "cedar.example", BLOCKED, by=dov)
    lane.village.pass_time(days=20)
    lane.run()
    assert _told(lane) == 0

    lane.village.pass_time(days=11)
    lane.run()

    assert _told(lane) == STEWARDS


def test_whoever_is_treated_like_any_other_is_nobody_to_look_at(lane, dov):
    federation_desk.treat(lane.birch, "cedar.example", BLOCKED, by=dov)
    calm = Treatment(Mode.OPEN, "", 30)
    federation_desk.treat(lane.birch, "cedar.example", calm, by=dov)

    lane.village.pass_time(days=31)
    lane.run()

    assert _told(lane) == 0


def _told(lane):
    asked = select(func.count()).where(Notice.kind == "peer.review")
    with lane.birch.read() as tx:
        return tx.scalar(asked)


@pytest.mark.parametrize("mode", [Mode.LIMITED, Mode.BLOCKED])
def test_nobody_is_treated_worse_without_a_reason(lane, dov, mode):
    with pytest.raises(WordsMissing, match="Say why"):
        federation_desk.treat(
            lane.birch, "cedar.example", Treatment(mode, " ", 30), by=dov
        )


@pytest.mark.parametrize("host", ["", "birch.example", "a b", "a/b", "[::", "a@b"])
def test_what_is_no_other_node_is_not_treated(lane, dov, host):
    with pytest.raises(NotFound):
        federation_desk.treat(lane.birch, host, BLOCKED, by=dov)


def test_only_stewards_see_and_decide(lane):
    node, cleo = lane.birch, lane.cleo
    for refused in (
        lambda: federation_desk.known(node, by=cleo),
        lambda: federation_desk.one(node, "ash.example", by=cleo),
        lambda: backlog.listed(node, by=cleo),
        lambda: federation_desk.treat(node, "ash.example", BLOCKED, by=cleo),
        lambda: follows.follow(node, f"{ASH}/ap/c/ash", by=cleo),
    ):
        with pytest.raises(NotYours):
            refused()


def test_those_treated_differently_stand_first_and_a_page_has_an_end(lane, dov):
    with lane.birch.begin() as tx:
        for number in range(MOST + 5):
            peers.meet(lane.birch, tx, f"https://n{number}.example")
    lane.village.pass_time(days=1)
    federation_desk.treat(lane.birch, "n7.example", BLOCKED, by=dov)

    lines, met = federation_desk.known(lane.birch, by=dov)

    assert (len(lines), met) == (MOST, MOST + 5)
    assert lines[0].host == "n7.example"


def test_a_node_that_does_not_answer_is_nobody_to_follow(lane, dov):
    lane.village.roads.away.add(ASH)

    with pytest.raises(ChoiceInvalid):
        follows.follow(lane.birch, f"{ASH}/ap/c/ash", by=dov)


def test_the_backlog_counts_what_waits_and_what_a_person_must_look_at(lane, dov):
    follows.follow(lane.birch, "@ash@ash.example", by=dov)
    asked = lane.village.now
    lane.village.pass_time(minutes=1)
    follows.unfollow(lane.birch, f"{ASH}/ap/c/ash", by=dov)
    until = lane.village.now + timedelta(hours=1)
    with lane.birch.begin() as tx:
        first = tx.query(Target).order_by(Target.seq).first()
        first.state, first.answer = State.PARKED, "401"
        tx.execute(update(Courier).values(open_until=until))

    [found] = backlog.listed(lane.birch, by=dov)

    assert (found.host, found.waiting, found.parked) == ("ash.example", 1, 1)
    assert (found.since, found.answer) == (asked, "401")
    assert found.paused_until == until


def test_what_arrived_is_no_backlog(lane, dov):
    lane.acquaint()

    assert backlog.listed(lane.birch, by=dov) == []


def test_the_backlog_asks_as_much_for_many_nodes_as_for_one(lane, dov):
    follows.follow(lane.birch, "@ash@ash.example", by=dov)
    counts = []
    for number in (0, 20):
        with lane.birch.begin() as tx:
            waiting = tx.query(Target).first()
            for other in range(number):
                origin = f"https://n{other}.example"
                tx.add(Courier(origin=origin, failures="", span=0, silent=""))
                row = {
                    column.name: getattr(waiting, column.name)
                    for column in Target.__table__.columns
                }
                tx.add(Target(**row | {"origin": origin, "inbox": f"{origin}/inbox"}))
        with Statements(lane.birch) as said:
            found = backlog.listed(lane.birch, by=dov)
        counts.append((len(found), len(said)))

    assert [found for found, _ in counts] == [1, 21]
    assert counts[0][1] == counts[1][1]
