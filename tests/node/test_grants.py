"""Roles for a time: given, counted, ended, over."""

import json
from datetime import timedelta

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy import select

from governance.cases import Act, State
from governance.errors import (
    CasesLeft,
    ChoiceInvalid,
    Denied,
    NoSeat,
    NotFound,
    OwnGrant,
    WrongState,
)
from node import assignments, cases, grants, log, people, teams
from node.access import Sought, audit
from node.grants import Given
from node.ids import new_id
from node.models.accounts import GrantRow
from node.models.jobs import Job
from node.models.people import Person
from node.models.start import Community
from node.teams import Described
from tests.house.reading import ROOT
from tests.support import members
from tests.support.races import in_turn

SHAPES = json.loads((ROOT / "tests/vectors/governance/events.schema.json").read_text())


def given(moot, to="ben", role="advocate", **more):
    return Given(person=moot.ids[to], role=role, **{"days": 30, **more})


def give(moot, to="ben", by="dov", **more):
    return grants.give(moot.node, given(moot, to, **more), by=moot[by])


def held(moot, name="ben"):
    board = grants.board(moot.node, by=moot["dov"])
    return [one for one in board.held if one.person == moot.ids[name]]


def told(moot):
    log.sequence(moot.node)
    with moot.node.read() as tx:
        return [one.event for one in log.events(moot.node, tx) if one.event]


@pytest.mark.capability("4.7")
def test_a_role_that_was_given_counts_at_once_and_not_a_second_too_long(moot):
    made = moot.tell()
    moot.bring(made, State.QUEUED)
    assert moot["ben"].roles == frozenset()

    give(moot, days=2)

    assert moot["ben"].roles == {"advocate"}
    moot.village.pass_time(days=2, seconds=-1)
    assert assignments.take_next(moot.node, by=moot["ben"]) == made.reference
    moot.village.pass_time(seconds=1)
    assert moot["ben"].roles == frozenset()
    with pytest.raises(NotFound):
        cases.view(moot.node, made.reference, by=moot["ben"])


def test_giving_and_ending_are_events_in_the_log_that_name_nobody_in_public(moot):
    before = len(told(moot))
    id_ = give(moot, topics=("housing",))
    grants.end(moot.node, id_, by=moot["dov"])

    events = told(moot)[before:]

    assert [one.kind for one in events] == ["grant.given", "grant.ended"]
    first, last = events
    assert (first.public["member"], first.public["role"]) == (
        str(moot.ids["ben"]),
        "advocate",
    )
    assert first.public["source"] == str(moot.ids["dov"])
    assert (last.actor, last.public["grant"]) == (str(moot.ids["dov"]), str(id_))
    for one in events:
        kind = {"$ref": f"#/$defs/kinds/{one.kind}", "$defs": SHAPES["$defs"]}
        Draft202012Validator(kind).validate(dict(one.public))
    for leaf in moot.leaves():
        assert b"grant.given" not in leaf
        assert str(moot.ids["ben"]).encode() not in leaf


def test_another_scope_is_another_commitment(moot):
    before = len(told(moot))
    for topics in (("housing",), ("debt",), ("housing",)):
        give(moot, topics=topics)

    first, second, third = (one.public["scope"] for one in told(moot)[before:])

    assert first == third != second


@pytest.mark.parametrize("who", ["ada", "cleo", "iris", "finn"])
def test_roles_are_given_and_ended_by_stewards_alone(moot, who):
    id_ = give(moot)

    with pytest.raises(Denied):
        give(moot, "eve", by=who)
    with pytest.raises(NotFound):
        grants.end(moot.node, id_, by=moot[who])

    assert len(held(moot)) == 1
    assert [one.role for one in held(moot, "eve")] == ["advocate"]


def test_nobody_gives_a_role_to_themselves_under_any_name(moot):
    with pytest.raises(OwnGrant):
        give(moot, "dov")
    with moot.node.begin() as tx:
        tx.get_one(Person, moot.ids["ben"]).alias_of = moot.ids["dov"]
    with pytest.raises(OwnGrant):
        give(moot, "ben")

    assert held(moot) == []
    assert [one.role for one in held(moot, "dov")] == ["steward"]


def test_a_steward_whose_own_role_is_over_gives_nothing_more(moot):
    dov = moot["dov"]
    moot.village.pass_time(days=181)

    with pytest.raises(Denied):
        grants.give(moot.node, given(moot), by=dov)


def test_a_seat_is_not_given_twice(moot):
    # The cast has three who coordinate, and the rules have four seats.
    give(moot, role="coordinator")

    with pytest.raises(NoSeat):
        give(moot, "ada", role="coordinator")
    give(moot, role="coordinator", days=60)

    assert [one.role for one in held(moot)] == ["coordinator", "coordinator"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"role": "king"}, "role"),
        ({"days": 0}, "days"),
        ({"days": 366}, "days"),
        ({"topics": ("weather",)}, "topics"),
        ({"areas": ("nowhere",)}, "areas"),
        ({"clearance": ("normal",)}, "clearance"),
    ],
)
def test_what_is_wrong_with_a_role_is_refused_and_nothing_is_kept(moot, wrong, field):
    before = len(told(moot))

    with pytest.raises(ChoiceInvalid) as refusal:
        give(moot, **wrong)

    assert refusal.value.values["field"] == field
    assert held(moot) == []
    assert len(told(moot)) == before


def test_who_has_no_account_and_what_is_no_team_are_refused(moot):
    stranger = new_id(moot.node)
    with moot.node.begin() as tx:
        guest = people.add(moot.node, tx, people.Newcomer("en", "Zoe"))

    for person in (stranger, guest):
        asked = Given(person=person, role="advocate", days=1)
        with pytest.raises(ChoiceInvalid):
            grants.give(moot.node, asked, by=moot["dov"])
    with pytest.raises(ChoiceInvalid):
        give(moot, teams=(stranger,))


def test_a_steward_for_one_place_gives_roles_for_that_place_only(moot):
    with moot.node.begin() as tx:
        tx.scalars(
            select(GrantRow).where(GrantRow.role == "steward")
        ).one().areas = "north"

    with pytest.raises(Denied):
        give(moot)
    give(moot, areas=("north",))

    (one,) = held(moot)
    assert one.areas == ("north",)


def test_a_role_for_one_team_and_topic_opens_nothing_else(moot):
    homes = teams.create(moot.node, Described("Homes"), by=moot["iris"])
    give(moot, teams=(homes,), topics=("debt",))
    made = moot.tell()
    moot.bring(made, State.QUEUED)

    assert assignments.take_next(moot.node, by=moot["ben"]) is None
    (one,) = held(moot)
    assert (one.teams, one.topics, one.giver) == (("Homes",), ("debt",), "Dov")


def test_a_role_does_not_end_early_while_it_alone_opens_a_case(moot):
    id_ = give(moot)
    made = moot.tell()
    moot.bring(made, State.WORKING, by="ben")

    with pytest.raises(CasesLeft) as refusal:
        grants.end(moot.node, id_, by=moot["dov"])

    assert refusal.value.values["count"] == 1
    assert [one.id for one in held(moot)] == [id_]
    moot.act(made, Act.RELEASE, moot["ben"], reason="I go.", note="All is said.")
    grants.end(moot.node, id_, by=moot["dov"])
    assert held(moot) == []
    with pytest.raises(WrongState):
        grants.end(moot.node, id_, by=moot["dov"])


def test_a_second_role_that_opens_the_same_cases_lets_the_first_one_go(moot):
    id_ = give(moot)
    give(moot, topics=("housing",))
    moot.bring(moot.tell(), State.WORKING, by="ben")

    grants.end(moot.node, id_, by=moot["ben"])

    (left,) = held(moot)
    assert left.topics == ("housing",)


def test_whoever_holds_a_role_gives_it_back_themselves(moot):
    id_ = give(moot)

    grants.end(moot.node, id_, by=moot["ben"])

    assert moot["ben"].roles == frozenset()
    (past,) = [
        one
        for one in grants.board(moot.node, by=moot["iris"]).over
        if one.person == moot.ids["ben"]
    ]
    assert (past.ended, past.holds) == (True, False)


@pytest.mark.parametrize(
    "state", [State.ASSIGNED, State.WORKING, State.WAITING_MEMBER, State.WAITING_OTHER]
)
def test_when_a_term_is_over_its_cases_are_in_the_queue_again(moot, state):
    give(moot, days=1)
    made = moot.tell()
    moot.bring(made, state, by="ben")
    before = cases.view(moot.node, made.reference, by=moot.guest(made)).pledges
    moot.village.pass_time(days=1)

    moot.village.work(moot.node)

    shown = cases.view(moot.node, made.reference, by=moot.guest(made))
    assert (shown.state, shown.responsible) == (State.QUEUED, None)
    first = [one.due_at for one in before if one.kind == "first_response"]
    assert [it.due_at for it in shown.pledges if it.kind == "first_response"] == first


def test_a_case_that_another_role_still_opens_stays_where_it_is(moot):
    give(moot, days=1)
    give(moot, days=30)
    made = moot.tell()
    moot.bring(made, State.WORKING, by="ben")
    moot.village.pass_time(days=1)

    with moot.node.read() as tx:
        due = tx.scalars(select(Job.subject).where(Job.kind == grants.OVER)).all()
    for subject in due:
        grants.over(moot.node, subject)

    assert moot.state(made) is State.WORKING


def test_the_end_of_a_term_can_be_worked_on_twice_and_too_early(moot):
    id_ = give(moot, days=1)
    made = moot.tell()
    moot.bring(made, State.WORKING, by="ben")

    grants.over(moot.node, str(id_))
    assert moot.state(made) is State.WORKING
    moot.village.pass_time(days=1)
    for _ in range(2):
        grants.over(moot.node, str(id_))
    size = moot.size()
    grants.over(moot.node, str(id_))

    assert moot.state(made) is State.QUEUED
    assert moot.size() == size
    grants.over(moot.node, str(new_id(moot.node)))


def test_what_is_said_to_be_done_stays_so_when_the_term_is_over(moot):
    give(moot, days=1)
    made = moot.tell()
    moot.bring(made, State.RESOLVED, by="ben")
    moot.village.pass_time(days=1)

    moot.village.work(moot.node)

    assert moot.state(made) is State.RESOLVED


def test_who_holds_what_is_shown_to_stewards_and_those_who_share_out_cases(moot):
    give(moot, clearance=("sensitive",))

    for name in ("dov", "iris"):
        board = grants.board(moot.node, by=moot[name])
        lines = [(one.name, one.role) for one in board.held]
        assert lines == sorted(lines)
        assert ("Ben", "advocate") in lines
        assert board.may_give == (name == "dov")
        assert {one.may_end for one in board.held} == (
            {True} if name == "dov" else {True, False}
        )
    assert held(moot)[0].clearance == ("sensitive",)
    for name in ("ada", "cleo", "finn"):
        with pytest.raises(Denied):
            grants.board(moot.node, by=moot[name])


def test_a_look_for_somebody_is_written_down_found_or_not(moot):
    found = grants.find(moot.node, "ben@ash.example", by=moot["dov"])
    assert found == moot.ids["ben"]
    for nobody in ("zoe@ash.example", "no address"):
        with pytest.raises(ChoiceInvalid):
            grants.find(moot.node, nobody, by=moot["dov"])
    with pytest.raises(Denied):
        grants.find(moot.node, "ben@ash.example", by=moot["iris"])

    lines = audit(moot.node, Sought(), by=moot["dov"], most=10).lines
    grounds = [line.ground for line in lines if line.field == "person"]
    assert sorted(grounds) == ["office", "refused"]


def test_whoever_gets_or_loses_a_role_is_told(moot):
    id_ = give(moot)
    grants.end(moot.node, id_, by=moot["dov"])
    moot.village.work(moot.node)

    said = [
        message.get_content()
        for to, message in moot.village.mails
        if to == "ben@ash.example"
    ]

    assert any("gave you a role: Advocate, until 2026-" in text for text in said)
    assert any("was ended before its time" in text for text in said)


def test_what_founders_were_given_has_its_end_written_down(moot):
    with moot.node.read() as tx:
        rows = tx.scalars(select(GrantRow).where(GrantRow.role == "steward")).all()
        due = tx.scalars(select(Job.run_at).where(Job.kind == grants.OVER)).all()

    assert [row.expires_at for row in rows] == due
    assert rows[0].expires_at - rows[0].from_at == timedelta(days=180)


def test_two_who_give_the_last_seat_at_once_give_it_once(moot):
    moot.ids["dora"] = members.join(moot.node, "dora@ash.example", "steward")
    refused = []

    def last_seat(to, by):
        try:
            give(moot, to, by=by, role="coordinator")
        except NoSeat:
            refused.append(to)

    in_turn(
        moot.node,
        select(Community),
        lambda: last_seat("ben", "dov"),
        lambda: last_seat("ada", "dora"),
    )

    assert len(refused) == 1
    assert len(held(moot)) + len(held(moot, "ada")) == 1
