"""Somebody else: asked for once without a reason, then by a coordinator's hand."""

import pytest
from sqlalchemy import select

from governance.assignments import Method
from governance.cases import Act, State
from governance.errors import ChoiceInvalid, NotFound, NotYours, WrongState
from node import assignments, cases, log, teams, threads, wishes
from node.ids import new_id
from node.models.assignments import Assignment
from node.models.pledges import Pledge
from node.teams import Described, Place
from node.threads import Words
from node.wishes import Chance

LIVE = [State.ASSIGNED, State.WORKING, State.WAITING_MEMBER, State.WAITING_OTHER]


def ask(moot, made):
    return wishes.somebody_else(moot.node, made.reference, by=moot.guest(made))


def told(moot, state=State.WORKING):
    made = moot.tell()
    moot.bring(made, state)
    return made


def promises(moot, made):
    with moot.node.read() as tx:
        rows = tx.scalars(select(Pledge).where(Pledge.case_id == made.case_id))
        return {
            (row.kind, row.started_at): (row.due_at, row.state)
            for row in rows
            if row.kind in {"first_response", "resolution"}
        }


@pytest.mark.capability("1.10")
@pytest.mark.parametrize("state", LIVE)
def test_the_member_gets_somebody_else_without_a_reason(moot, state):
    made = told(moot, state)

    assert ask(moot, made) is Chance.NOW

    assert moot.state(made) is State.QUEUED
    with pytest.raises(NotFound):
        cases.view(moot.node, made.reference, by=moot["cleo"])
    verdict = moot.entries(made)[-1]
    assert verdict.kind in {"status", "pledge"}


def test_whoever_was_not_wanted_gets_the_case_neither_by_turn_nor_by_choice(moot):
    made = told(moot)
    ask(moot, made)

    assert assignments.take_next(moot.node, by=moot["cleo"]) is None
    with pytest.raises(ChoiceInvalid):
        assignments.assign(moot.node, made.reference, moot.ids["cleo"], by=moot["iris"])
    assert assignments.take_next(moot.node, by=moot["eve"]) == made.reference
    chosen = cases.view(moot.node, made.reference, by=moot.guest(made)).chosen
    assert chosen.reasons["refused"] == 1


def test_no_promise_begins_anew_with_somebody_else(moot):
    made = told(moot)
    moot.village.pass_time(hours=3)
    before = promises(moot, made)

    ask(moot, made)
    assignments.take(moot.node, made.reference, by=moot["eve"])

    assert promises(moot, made) == before


def test_a_team_offers_the_case_to_the_next_one_at_once(moot):
    iris = moot["iris"]
    id_ = teams.create(moot.node, Described("Homes", Method.ROUND_ROBIN), by=iris)
    for name in ("cleo", "eve"):
        teams.place(moot.node, id_, moot.ids[name], Place.MEMBER, by=iris)
    made = moot.tell()
    moot.triage(made)
    moot.village.work(moot.node)
    first = cases.view(moot.node, made.reference, by=moot.guest(made)).responsible

    ask(moot, made)

    second = cases.view(moot.node, made.reference, by=moot.guest(made)).responsible
    assert {first.name, second.name} == {"Cleo", "Eve"}


def test_the_second_time_a_coordinator_is_told_and_decides(moot):
    made = told(moot)
    ask(moot, made)
    assignments.take(moot.node, made.reference, by=moot["eve"])

    assert wishes.chance(moot.node, made.reference, by=moot.guest(made)) is Chance.ASK
    assert ask(moot, made) is Chance.ASK

    assert moot.state(made) is State.WORKING
    assert wishes.waits(moot.node, made.reference, by=moot["iris"])
    assert not wishes.waits(moot.node, made.reference, by=moot["eve"])
    with pytest.raises(WrongState):
        ask(moot, made)
    moot.village.work(moot.node)
    to = {to for to, it in moot.village.mails if "for somebody else" in it["Subject"]}
    assert "iris@ash.example" in to
    assert "eve@ash.example" not in to
    moot.act(made, Act.RELEASE, moot["iris"], reason="As you wish.", note="Open.")
    assert assignments.take_next(moot.node, by=moot["eve"]) is None
    assert not wishes.waits(moot.node, made.reference, by=moot["iris"])


def test_nobody_asks_in_the_members_place(moot):
    made = told(moot)

    for name, refusal in (("cleo", NotYours), ("iris", NotYours), ("ben", NotFound)):
        with pytest.raises(refusal):
            wishes.somebody_else(moot.node, made.reference, by=moot[name])

    assert moot.state(made) is State.WORKING
    assert wishes.chance(moot.node, made.reference, by=moot["cleo"]) is None


@pytest.mark.parametrize("state", [State.RECEIVED, State.QUEUED, State.RESOLVED])
def test_where_nobody_works_there_is_nobody_to_change(moot, state):
    made = told(moot, state)
    size = moot.size()

    assert wishes.chance(moot.node, made.reference, by=moot.guest(made)) is None
    with pytest.raises(WrongState):
        ask(moot, made)

    assert moot.size() == size


def test_what_was_said_stays_in_the_case_and_the_next_one_reads_it(moot):
    made = told(moot)
    words = Words(new_id(moot.node), "It is cold.")
    threads.write(moot.node, made.reference, words, by=moot.guest(made))
    ask(moot, made)
    assignments.take(moot.node, made.reference, by=moot["eve"])

    shown = cases.view(moot.node, made.reference, by=moot["eve"])

    assert any(entry.text == "It is cold." for entry in shown.timeline)
    log.sequence(moot.node)
    with moot.node.read() as tx:
        rows = tx.scalars(select(Assignment).where(Assignment.ended_at.is_not(None)))
        assert [row.end_reason for row in rows] == ["member_asked"]
