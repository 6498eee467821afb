"""Who is on call, who is next, and when nobody is: against a count minute by minute."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.errors import ChoiceInvalid
from governance.roster import (
    AHEAD,
    LONGEST,
    Gap,
    Leave,
    Plan,
    Turn,
    check_turn,
    gaps,
    line,
    next_after,
    stands_in,
)

START = datetime(2026, 3, 2, tzinfo=UTC)
PEOPLE = tuple(UUID(int=number) for number in range(1, 6))
ANN, BEA, CEM, DAN, EVA = PEOPLE
HOMES, ROADS = UUID(int=91), UUID(int=92)
WINDOW = 60


def at(minute):
    return START + timedelta(minutes=minute)


def turn(person=ANN, begin=0, end=30, *, rank=1, team=None):
    return Turn(
        person=person, from_at=at(begin), until_at=at(end), rank=rank, team=team
    )


def leave(person=ANN, begin=0, end=30, *deputies):
    return Leave(person, at(begin), at(end), deputies)


def called(plan, minute=5, team=None, walled=()):
    return line(plan, at=at(minute), team=team, walled=frozenset(walled))


spans = st.tuples(st.integers(-10, 70), st.integers(1, 30))
turns = st.builds(
    lambda who, span, rank, team: turn(who, span[0], sum(span), rank=rank, team=team),
    st.sampled_from(PEOPLE),
    spans,
    st.integers(1, 3),
    st.sampled_from([None, HOMES, ROADS]),
)
leaves = st.builds(
    lambda who, span, deputies: leave(who, span[0], sum(span), *deputies),
    st.sampled_from(PEOPLE),
    spans,
    st.lists(st.sampled_from(PEOPLE), max_size=3),
)
plans = st.builds(
    Plan,
    st.lists(turns, max_size=6),
    st.lists(leaves, max_size=4, unique_by=lambda it: it.person),
)


def somebody_there(person, minute, plan, walled):
    """Return who is there for somebody in a minute, asking one after the other."""
    away = {
        it.person: it.substitutes
        for it in plan.leaves
        if it.from_at <= at(minute) < it.until_at
    }
    ordered, waiting = [], [person]
    while waiting:
        one = waiting.pop(0)
        if one not in ordered:
            ordered.append(one)
            waiting += away.get(one, ())
    return next((it for it in ordered if it not in away and it not in walled), None)


def on_call(plan, minute, team, walled=frozenset()):
    """Return who is on call in one minute, in no order."""
    found = {
        somebody_there(it.person, minute, plan, walled)
        for it in plan.turns
        if it.from_at <= at(minute) < it.until_at and it.team in {team, None}
    }
    return found - {None}


@settings(deadline=None)
@given(plans, st.sampled_from([None, HOMES]), st.sets(st.sampled_from(PEOPLE)))
def test_who_is_on_call_is_who_a_count_by_the_minute_finds(plan, team, walled):
    for minute in range(0, WINDOW, 7):
        found = called(plan, minute, team, walled)

        assert set(found) == on_call(plan, minute, team, walled)
        assert len(found) == len(set(found))
        assert not walled & set(found)


@settings(deadline=None)
@given(plans, st.sampled_from([None, HOMES]))
def test_gaps_are_the_minutes_in_which_nobody_is(plan, team):
    found = gaps(plan, Gap(at(0), at(WINDOW)), team=team)

    empty = {it for it in range(WINDOW) if not on_call(plan, it, team)}
    said = {
        it
        for it in range(WINDOW)
        for gap in found
        if gap.from_at <= at(it) < gap.until_at
    }
    assert said == empty
    assert list(found) == sorted(found, key=lambda it: it.from_at)
    for one, other in pairwise(found):
        assert one.until_at < other.from_at


@given(plans, st.lists(st.sampled_from(PEOPLE), unique=True))
def test_next_is_the_first_who_was_not_called(plan, before):
    there = called(plan)

    found = next_after(before, there)

    left = [one for one in there if one not in before]
    assert found == (left[0] if left else None)


def test_the_team_comes_before_all_and_the_first_before_the_next():
    plan = Plan(
        [
            turn(ANN),
            turn(BEA, rank=2, team=HOMES),
            turn(CEM, rank=1, team=HOMES),
            turn(DAN, team=ROADS),
        ]
    )

    assert called(plan, team=HOMES) == (CEM, BEA, ANN)
    assert called(plan) == (ANN,)


def test_a_turn_begins_with_its_first_instant_and_ends_before_its_last():
    plan = Plan([turn(ANN, 0, 30), turn(BEA, 30, 60)])

    assert [called(plan, it) for it in (-1, 0, 29, 30, 59, 60)] == [
        (), (ANN,), (ANN,), (BEA,), (BEA,), ()
    ]  # fmt: skip


def test_for_who_is_away_the_first_who_is_there_is_called():
    plan = Plan([turn(ANN)], [leave(ANN, 0, 10, BEA, CEM), leave(BEA, 0, 20, DAN)])

    assert called(plan) == (CEM,)
    assert called(plan, 15) == (ANN,)
    assert called(plan, walled=[CEM]) == (DAN,)
    assert called(plan, walled=[CEM, DAN]) == ()


def test_who_is_behind_a_wall_is_passed_over_and_nobody_stands_in_for_them():
    plan = Plan([turn(ANN), turn(BEA, rank=2)])

    assert called(plan, walled=[ANN]) == (BEA,)


def test_each_absence_within_a_turn_says_who_stands_in():
    away = [leave(ANN, 20, 40, BEA), leave(ANN, -9, 0), leave(CEM, 0, 30)]
    alone = [leave(ANN, 5, 9)]

    assert list(stands_in(turn(ANN), Plan((), away))) == [(away[0], BEA)]
    assert list(stands_in(turn(ANN), Plan((), alone))) == [(alone[0], None)]


@pytest.mark.parametrize(
    ("made", "field"),
    [
        (turn(end=0), "until"),
        (turn(begin=10, end=5), "until"),
        (turn(begin=-30, end=-1), "until"),
        (turn(end=LONGEST // timedelta(minutes=1) + 1), "until"),
        (
            turn(
                begin=AHEAD // timedelta(minutes=1) - 5,
                end=AHEAD // timedelta(minutes=1) + 5,
            ),
            "until",
        ),
        (turn(rank=0), "rank"),
        (turn(rank=4), "rank"),
    ],
)
def test_a_turn_lies_ahead_is_not_too_long_and_has_a_place(made, field):
    with pytest.raises(ChoiceInvalid) as refused:
        check_turn(made, (), at=START)

    assert refused.value.values["field"] == field


def test_nobody_is_on_call_twice_and_no_place_has_two_people():
    check_turn(turn(), [turn(BEA, rank=2), turn(ANN, 30, 60)], at=START)
    check_turn(turn(team=HOMES), [turn(BEA), turn(CEM, team=ROADS)], at=START)
    for other, field in (
        (turn(ANN, 29, 60, rank=3, team=ROADS), "person"),
        (turn(BEA, -9, 1), "rank"),
    ):
        with pytest.raises(ChoiceInvalid) as refused:
            check_turn(turn(), [turn(CEM, 40, 50), other], at=START)
        assert refused.value.values["field"] == field
