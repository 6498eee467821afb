"""The roster: who is put on call, hands it over, is away, and when nobody is."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from governance import roster as rules
from governance.errors import ChoiceInvalid, Denied, NotFound
from governance.roster import LONGEST
from node import absences, ending, grants, roster, teams
from node.models.accounts import GrantRow
from node.models.roster import Turn
from node.teams import Described
from tests.node.test_absences import away
from tests.support import members

HOUR = timedelta(hours=1)


def put(moot, who="cleo", begin=0, end=12, *, by="iris", **more):
    now = moot.node.now()
    asked = rules.Turn(
        person=moot.ids[who], from_at=now + begin * HOUR, until_at=now + end * HOUR,
        **more,
    )  # fmt: skip
    return roster.put(moot.node, asked, by=moot[by])


def board(moot):
    return roster.board(moot.node, by=moot["iris"])


def turns(moot, who="cleo"):
    return absences.mine(moot.node, by=moot[who]).turns


def subjects(moot, who):
    moot.village.work(moot.node)
    mails = moot.village.mails
    return [it["Subject"] for to, it in mails if to == f"{who}@ash.example"]


def test_the_board_shows_who_is_on_call_and_when_nobody_is(moot):
    put(moot, "cleo", 0, 12)
    put(moot, "eve", 24, 48)

    found = board(moot)

    (lane,) = found.lanes
    assert [(it.name, it.rank, it.own) for it in lane.turns] == [
        ("Cleo", 1, False),
        ("Eve", 1, False),
    ]
    now = moot.node.now()
    assert [(it.from_at, it.until_at) for it in lane.gaps] == [
        (now + 12 * HOUR, now + 24 * HOUR),
        (now + 48 * HOUR, found.until_at),
    ]
    names = {name for _, name in found.people}
    assert {"Cleo", "Eve", "Gus", "Iris"} <= names
    assert not {"Ada", "Ben", "Finn"} & names


def test_a_team_with_turns_of_its_own_is_shown_beside_what_covers_all(moot):
    homes = teams.create(moot.node, Described("Homes"), by=moot["iris"])
    put(moot, "cleo", 0, 12)
    put(moot, "eve", 6, 24, team=homes)

    everybody, own = board(moot).lanes

    assert (everybody.team, own.team) == ("", "Homes")
    assert everybody.gaps[0].from_at == moot.node.now() + 12 * HOUR
    assert own.gaps[0].from_at == moot.node.now() + 24 * HOUR
    assert [it.name for it in own.turns] == ["Eve"]


def test_who_is_put_on_call_hears_of_it_and_sees_it(moot):
    put(moot, "cleo")
    put(moot, "iris", rank=2)

    assert [it.startswith("You are on call from") for it in subjects(moot, "cleo")] == [
        True
    ]
    assert subjects(moot, "iris") == []
    (mine,) = turns(moot)
    assert (mine.name, mine.own, mine.offered, mine.away) == ("Cleo", True, False, ())


@pytest.mark.parametrize(
    ("who", "more", "field"),
    [
        ("ada", {}, "person"),
        ("cleo", {"team": uuid4()}, "team"),
        ("cleo", {"rank": 9}, "rank"),
        ("cleo", {"end": -1}, "until"),
        ("cleo", {"end": LONGEST / HOUR + 1}, "until"),
    ],
)
def test_what_is_no_turn_is_refused_by_its_field(moot, who, more, field):
    with pytest.raises(ChoiceInvalid) as refused:
        put(moot, who, **more)

    assert refused.value.values["field"] == field
    assert board(moot).lanes[0].turns == ()


def test_nobody_is_on_call_twice_and_a_closed_team_has_nobody(moot):
    homes = teams.create(moot.node, Described("Homes"), by=moot["iris"])
    put(moot, "cleo")
    with pytest.raises(ChoiceInvalid):
        put(moot, "cleo", 11, 13, team=homes)
    teams.close(moot.node, homes, by=moot["iris"])

    with pytest.raises(ChoiceInvalid):
        put(moot, "cleo", 12, 13, team=homes)


def test_a_turn_is_taken_out_and_whoever_had_it_hears_of_it(moot):
    id_ = put(moot, "cleo")

    roster.remove(moot.node, id_, by=moot["iris"])

    assert "You are not on call after all" in subjects(moot, "cleo")
    assert turns(moot) == ()
    with pytest.raises(NotFound):
        roster.remove(moot.node, id_, by=moot["iris"])


def test_only_who_shares_out_cases_keeps_the_roster(moot):
    id_ = put(moot, "cleo")

    for who in ("ada", "cleo", "finn", "dov"):
        with pytest.raises(Denied):
            put(moot, "eve", by=who)
        with pytest.raises(Denied):
            roster.remove(moot.node, id_, by=moot[who])
        with pytest.raises(Denied):
            roster.board(moot.node, by=moot[who])


def test_an_offered_turn_is_taken_over_by_whoever_agrees(moot):
    id_ = put(moot, "cleo")
    with pytest.raises(NotFound):
        roster.take(moot.node, id_, by=moot["eve"])

    roster.offer(moot.node, id_, by=moot["cleo"])
    (seen,) = turns(moot, "eve")
    assert (seen.own, seen.offered, seen.name) == (False, True, "Cleo")
    assert turns(moot)[0].own
    roster.take(moot.node, id_, by=moot["eve"])

    (mine,) = turns(moot, "eve")
    assert (mine.own, mine.offered) == (True, False)
    assert turns(moot) == ()
    assert "Somebody else is on call for you" in subjects(moot, "cleo")


def test_an_offer_is_taken_back_and_then_nobody_takes_it(moot):
    id_ = put(moot, "cleo")
    roster.offer(moot.node, id_, by=moot["cleo"])

    roster.offer(moot.node, id_, by=moot["cleo"], wanted=False)

    with pytest.raises(NotFound):
        roster.take(moot.node, id_, by=moot["eve"])
    assert turns(moot, "eve") == ()


def test_a_turn_is_offered_by_whose_it_is_and_taken_by_who_can_have_it(moot):
    id_ = put(moot, "cleo")
    for who in ("eve", "iris", "ada"):
        with pytest.raises(NotFound):
            roster.offer(moot.node, id_, by=moot[who])
    roster.offer(moot.node, id_, by=moot["cleo"])
    put(moot, "eve", 6, 8, rank=2)

    for who in ("ada", "finn"):
        with pytest.raises(Denied):
            roster.take(moot.node, id_, by=moot[who])
    with pytest.raises(NotFound):
        roster.take(moot.node, id_, by=moot["cleo"])
    with pytest.raises(ChoiceInvalid):
        roster.take(moot.node, id_, by=moot["eve"])
    assert turns(moot)[0].offered


def test_a_turn_that_is_over_is_changed_by_nobody(moot):
    id_ = put(moot, "cleo")
    roster.offer(moot.node, id_, by=moot["cleo"])
    moot.village.pass_time(hours=13)

    for act, who in (
        (roster.offer, "cleo"),
        (roster.take, "eve"),
        (roster.remove, "iris"),
    ):
        with pytest.raises(NotFound):
            act(moot.node, id_, by=moot[who])
    assert turns(moot) == ()


def test_an_absence_within_a_turn_is_said_with_who_stands_in(moot):
    put(moot, "cleo", 0, 100)
    put(moot, "gus", 0, 100, rank=2)
    away(moot, "cleo", "eve", first=1, last=1)
    away(moot, "gus", first=1, last=1)

    ((cover,),) = [it.away for it in turns(moot)]
    ((alone,),) = [it.away for it in turns(moot, "gus")]

    assert (cover.instead, alone.instead) == ("Eve", "")
    assert cover.until_at - cover.from_at == 24 * HOUR
    assert [len(it.away) for it in board(moot).lanes[0].turns] == [1, 1]


def test_an_absence_without_anybody_is_a_gap(moot):
    put(moot, "cleo", 0, 24 * 14)
    assert board(moot).lanes[0].gaps == ()

    away(moot, "cleo", first=1, last=1)

    (gap,) = board(moot).lanes[0].gaps
    assert gap.until_at - gap.from_at == 24 * HOUR


def test_turns_of_long_ago_are_forgotten_when_one_is_put(moot):
    put(moot, "cleo", 0, 1)
    moot.village.pass_time(days=91)
    put(moot, "eve", 0, 1)

    with moot.node.read() as tx:
        kept = tx.scalars(select(Turn.person_id)).all()
    assert kept == [moot.ids["eve"]]


def test_whoever_ends_their_account_is_on_call_no_more(moot):
    moot.ids["hal"] = members.join(moot.node, "hal@ash.example", "advocate")
    put(moot, "hal")
    with moot.node.begin() as tx:
        for row in tx.scalars(
            select(GrantRow).where(GrantRow.person_id == moot.ids["hal"])
        ):
            row.expires_at = moot.node.now()

    ending.end(moot.node, by=moot["hal"])
    moot.village.work(moot.node)

    assert board(moot).lanes[0].turns == ()


def test_who_works_on_no_case_any_more_leaves_a_gap(moot):
    put(moot, "cleo", 0, 15 * 24)
    assert board(moot).lanes[0].gaps == ()
    with moot.node.read() as tx:
        held = select(GrantRow.id).where(GrantRow.person_id == moot.ids["cleo"])
        grant = tx.scalars(held).one()
    grants.end(moot.node, grant, by=moot["cleo"])
    moot.village.pass_time(seconds=1)

    assert board(moot).lanes[0].gaps != ()
