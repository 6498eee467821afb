from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.assignments import Candidate, Matter, Method
from governance.cases import Priority
from governance.methods import AUTOMATIC, METHODS, choose, ticket, weight
from governance.walls import Walls

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
ADA, CLEO, EVE, GUS = (UUID(int=number) for number in (9, 1, 2, 3))
MATTER = Matter(walls=Walls(frozenset({ADA})), topic="housing", area="north")
NOBODY = Candidate(person=CLEO, grants=())


def able(**given):
    """Return Cleo, Eve and Gus, each with what is given under their name."""
    people = {"cleo": CLEO, "eve": EVE, "gus": GUS}
    return [
        replace(NOBODY, person=id_, **given.get(name, {}))
        for name, id_ in people.items()
    ]


def found(method, people, matter=MATTER):
    choice = choose(method, people, matter)
    return choice and choice.person


def ago(days):
    return {"last_assigned_at": AT - timedelta(days=days)}


@pytest.mark.parametrize(
    ("method", "facts", "expected"),
    [
        (Method.ROUND_ROBIN, {"cleo": ago(1), "eve": ago(3), "gus": ago(2)}, EVE),
        (Method.ROUND_ROBIN, {"cleo": ago(1), "eve": ago(1)}, GUS),
        (Method.ROUND_ROBIN, {}, CLEO),
        (
            Method.LOAD_BALANCED,
            {
                "cleo": {"weight": 3, "capacity": 4},
                "eve": {"weight": 3, "capacity": 6},
                "gus": {"weight": 6},
            },
            EVE,
        ),
        (Method.SKILL_LANGUAGE, {"gus": {"skills": frozenset({"housing"})}}, GUS),
        (
            Method.SKILL_LANGUAGE,
            {
                "eve": {"skills": frozenset({"housing"}), "area": "north"},
                "gus": {"skills": frozenset({"housing"})},
            },
            EVE,
        ),
        (Method.STICKY, {"gus": {"helped": True}}, GUS),
        (Method.STICKY, {"cleo": ago(1), "gus": ago(2), "eve": ago(3)}, EVE),
        (Method.NEIGHBOUR, {"eve": {"area": "north"}, "gus": {"area": "south"}}, EVE),
    ],
)
def test_each_method_finds_whom_it_is_for(method, facts, expected):
    assert found(method, able(**facts)) == expected


def test_the_member_chooses_among_those_who_can_be_asked():
    asked = replace(MATTER, wished=GUS)

    assert found(Method.MEMBER_CHOICE, able(), asked) == GUS
    assert found(Method.MEMBER_CHOICE, able(), replace(MATTER, wished=ADA)) is None
    assert found(Method.MEMBER_CHOICE, able()) is None


@pytest.mark.parametrize("method", sorted(set(Method) - AUTOMATIC))
def test_where_people_choose_no_rule_does(method):
    assert found(method, able()) is None


@pytest.mark.parametrize("method", sorted(AUTOMATIC))
def test_nobody_is_found_where_nobody_can_be_asked(method):
    assert found(method, [], replace(MATTER, wished=CLEO)) is None


def test_a_team_can_choose_every_method_but_standing_in():
    assert set(Method) - set(METHODS) == {Method.SUBSTITUTE}


def test_urgent_cases_weigh_three_and_high_ones_two():
    weights = {priority: weight(priority) for priority in Priority}

    assert weights == {
        Priority.URGENT: 3,
        Priority.HIGH: 2,
        Priority.NORMAL: 1,
        Priority.LOW: 1,
    }
    assert weight(None) == 1


def test_a_lot_can_be_drawn_again_by_anybody_from_the_seal_and_the_names():
    checkpoint, case_id = b"ash.example/log\n7\nroot=\n", UUID(int=77)

    lot = ticket(checkpoint, case_id)
    choice = choose(Method.LOTTERY, able(), MATTER, lot=lot)

    seed = sha256(b"folkmoot-seed/1\0" + sha256(checkpoint).digest()).digest()
    order = sorted(
        (CLEO, EVE, GUS),
        key=lambda one: sha256(
            seed + b"\0" + f"case:{case_id}".encode() + b"\0" + str(one).encode()
        ).digest(),
    )
    assert choice.person == order[0]
    assert len(choice.scores) == len(order)


def test_another_seal_can_find_somebody_else():
    drawn = {
        choose(
            Method.LOTTERY, able(), MATTER, lot=ticket(b"%d\n" % number, UUID(int=1))
        ).person
        for number in range(40)
    }

    assert drawn == {CLEO, EVE, GUS}


def test_what_is_no_ground_for_a_choice_is_not_even_known():
    known = {it.name for it in (*fields(Candidate), *fields(Matter))}

    assert not known & {"value", "points", "member", "membership", "popularity", "name"}
    assert not known & {"rating", "ratings", "feedback", "opinion"}


PEOPLE = st.lists(
    st.builds(
        Candidate,
        person=st.uuids(),
        grants=st.just(()),
        weight=st.integers(0, 30),
        capacity=st.none() | st.integers(0, 12),
        skills=st.sets(st.sampled_from(["housing", "debt"])).map(frozenset),
        area=st.none() | st.sampled_from(["north", "south"]),
        last_assigned_at=st.none()
        | st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(  # noqa: DTZ001 - made aware below
            lambda at: at.replace(tzinfo=UTC)
        ),
        helped=st.booleans(),
    ),
    max_size=8,
    unique_by=lambda one: one.person,
)


@given(st.sampled_from(sorted(AUTOMATIC)), PEOPLE, st.randoms(), st.binary(max_size=8))
def test_a_choice_depends_on_who_can_be_asked_and_not_on_how_they_were_listed(
    method, people, dice, lot
):
    wished = people[0].person if people else None
    matter = replace(MATTER, wished=wished)
    shuffled = list(people)
    dice.shuffle(shuffled)

    choice = choose(method, people, matter, lot=lot)

    assert choice == choose(method, shuffled, matter, lot=lot)
    assert (choice is None) == (not people)
    if choice:
        assert choice.person in {one.person for one in people}


@given(PEOPLE.filter(bool))
def test_in_turn_everybody_comes_before_anybody_comes_twice(people):
    waiting, asked = {one.person: one for one in people}, []
    for number in range(len(people)):
        person = found(Method.ROUND_ROBIN, list(waiting.values()))
        asked.append(person)
        later = datetime(2031, 1, 1, tzinfo=UTC) + timedelta(minutes=number)
        waiting[person] = replace(waiting[person], last_assigned_at=later)

    assert sorted(asked) == sorted(waiting)


@given(PEOPLE.filter(bool))
def test_nobody_has_more_room_than_whom_load_balancing_finds(people):
    person = found(Method.LOAD_BALANCED, people)

    def full(one):
        return one.weight / (one.capacity or 10)

    chosen = next(one for one in people if one.person == person)
    assert full(chosen) == min(full(one) for one in people)
