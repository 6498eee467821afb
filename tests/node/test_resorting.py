"""Sorting a case again, after a rule or a person: it stays where it is."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from governance.assignments import Method
from governance.cases import DeadlineSource, Kind, Priority, Sensitivity, State
from governance.errors import (
    ChoiceInvalid,
    NotFound,
    NotYours,
    ReasonMissing,
    WrongState,
)
from governance.pledges import PledgeKind
from governance.rubric import Finding
from node import cases, teams, work
from node.cases import folding, resorting
from node.models.cases import Case
from node.models.jobs import Job
from node.models.pledges import Pledge
from node.teams import Described, Place
from tests.node.test_cases_triage import choice
from tests.node.test_sorting import STORY, let
from tests.support.members import give

WHY = "It is about her wages."


def again(moot, made, by="iris", **given):
    chosen = choice(**{"topic": "work", "reason": WHY, **given})
    return resorting.again(moot.node, made.reference, chosen, by=moot[by])


def row(moot, made):
    with moot.node.read() as tx:
        return tx.get_one(Case, made.case_id)


def due(moot, made):
    with moot.node.read() as tx:
        mine = (Pledge.case_id == made.case_id, Pledge.due_at.is_not(None))
        rows = tx.scalars(select(Pledge).where(*mine)).all()
        return {one.kind: one.due_at for one in rows}


def jobs(moot, kind):
    with moot.node.read() as tx:
        return len(tx.scalars(select(Job).where(Job.kind == kind)).all())


def test_a_person_puts_right_what_a_rule_sorted(moot):
    let(moot)
    made = moot.tell(text=STORY)
    work.sweep(moot.node)
    before = resorting.look(moot.node, made.reference, by=moot["iris"])
    assert (before.sorted_by, before.topic, before.reason) == (
        "housing.claim/3", "housing", "",
    )  # fmt: skip
    assert before.team == moot.ids["homes"]

    again(moot, made, kind=Kind.QUESTION, area="south", tags=("wages",))

    case = row(moot, made)
    assert (case.state, case.kind, case.topic, case.area) == (
        State.QUEUED, Kind.QUESTION, "work", "south",
    )  # fmt: skip
    assert case.sorted_by is None
    shown = cases.view(moot.node, made.reference, by=moot.guest(made))
    assert (shown.sorted_by, shown.priority_reason, shown.tags) == ("", WHY, ("wages",))
    assert list(folding.verify(moot.node)) == []


def test_it_is_sealed_as_no_move_with_its_reason(moot):
    made = moot.tell()
    moot.triage(made)
    events = len(cases.view(moot.node, made.reference, by=moot["iris"]).timeline)

    again(moot, made)

    last = moot.entries(made)[-1]
    assert last.kind == "status"
    assert (
        len(cases.view(moot.node, made.reference, by=moot["iris"]).timeline) == events
    )
    after = resorting.look(moot.node, made.reference, by=moot["iris"])
    assert (after.topic, after.reason, after.wanted) == ("work", WHY, "")


def test_promises_come_sooner_and_never_later(moot):
    made = moot.tell()
    moot.triage(made)
    normal = due(moot, made)

    again(moot, made, priority=Priority.URGENT, found=frozenset({Finding.LOSS}))
    urgent = due(moot, made)
    again(moot, made, priority=Priority.LOW, found=frozenset({Finding.WAITS}))

    first = PledgeKind.FIRST_RESPONSE
    assert urgent[first] < normal[first]
    assert due(moot, made) == urgent
    assert row(moot, made).priority is Priority.LOW


def test_danger_calls_those_who_share_out_cases_and_once(moot):
    made = moot.tell()
    moot.triage(made)
    before = jobs(moot, cases.DANGER)

    found = frozenset({Finding.DANGER})
    again(moot, made, priority=Priority.URGENT, found=found)
    moot.village.pass_time(minutes=1)
    again(moot, made, priority=Priority.URGENT, found=found, area="south")

    assert jobs(moot, cases.DANGER) == before + 1


def test_a_near_deadline_answers_its_question_by_itself(moot):
    made = moot.tell()
    moot.triage(made)
    soon = moot.node.now().date() + timedelta(days=3)

    again(
        moot,
        made,
        priority=Priority.HIGH,
        deadline_on=soon,
        deadline_source=DeadlineSource.COURT,
    )

    after = resorting.look(moot.node, made.reference, by=moot["iris"])
    assert after.found == {Finding.DEADLINE}
    assert (after.deadline_on, after.deadline_source) == (soon, DeadlineSource.COURT)


@pytest.mark.parametrize("state", sorted(resorting.AGAIN))
def test_it_stays_where_it_is_with_whoever_has_it(moot, state):
    made = moot.tell()
    moot.bring(made, state)
    before = row(moot, made)

    again(moot, made)

    after = row(moot, made)
    assert (after.state, after.responsible_id, after.topic) == (
        state, before.responsible_id, "work",
    )  # fmt: skip
    assert list(folding.verify(moot.node)) == []


@pytest.mark.parametrize("state", sorted(set(State) - resorting.AGAIN - {
    State.TRANSFERRED, State.ERASED,
}))  # fmt: skip
def test_else_it_is_not_sorted_again(moot, state):
    made = moot.tell()
    moot.bring(made, state)

    # Before triage nobody at the desk has it in hand.
    with pytest.raises((WrongState, NotFound)):
        again(moot, made)
    with pytest.raises((WrongState, NotFound)):
        resorting.look(moot.node, made.reference, by=moot["iris"])

    assert row(moot, made).topic != "work"


@pytest.mark.parametrize("state", [State.ASSIGNED, State.WORKING])
def test_not_out_of_the_reach_of_whoever_has_it(moot, state):
    made = moot.tell()
    moot.bring(made, state)

    with pytest.raises(WrongState, match="given back first"):
        again(moot, made, sensitivity=Sensitivity.SPECIAL)

    case = row(moot, made)
    assert (case.topic, case.sensitivity) == ("housing", Sensitivity.NORMAL)


def test_another_team_is_asked_by_its_method(moot):
    made = moot.tell()
    moot.triage(made)
    wages = Described("Wages", Method.ROUND_ROBIN, topics=("work",))
    team = teams.create(moot.node, wages, by=moot["iris"])
    teams.place(moot.node, team, moot.ids["eve"], Place.MEMBER, by=moot["iris"])

    again(moot, made)
    work.sweep(moot.node)

    case = row(moot, made)
    assert (case.state, case.team_id) == (State.ASSIGNED, team)


def test_only_who_sorts_cases_sorts_them_again_and_never_their_own(moot):
    made = moot.tell()
    moot.bring(made, State.WORKING)
    with pytest.raises(NotYours):
        again(moot, made, by="cleo")
    with pytest.raises(NotYours):
        resorting.look(moot.node, made.reference, by=moot["cleo"])
    for who in ("ada", "finn"):
        with pytest.raises(NotFound):
            again(moot, made, by=who)
    give(moot.node, moot.ids["ben"], "coordinator")
    own = moot.tell(by=moot["ben"])
    moot.triage(own)

    with pytest.raises(NotYours):
        again(moot, own, by="ben")

    assert row(moot, own).topic == "housing"


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"topic": "nothing"}, ChoiceInvalid),
        ({"area": "nowhere"}, ChoiceInvalid),
        ({"priority": Priority.HIGH, "reason": " "}, ReasonMissing),
    ],
)
def test_what_triage_refuses_is_refused_here(moot, given, refusal):
    made = moot.tell()
    moot.triage(made)

    with pytest.raises(refusal):
        again(moot, made, **given)

    assert row(moot, made).topic == "housing"
