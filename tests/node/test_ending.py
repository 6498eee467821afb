"""An account ends: nobody gets in by it, and what its member told goes with it."""

import shutil
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select

from governance.cases import State
from governance.data_requests import Kind
from governance.errors import AuthRequired, AuthScope
from governance.roles import RolesLeft
from node import (
    data_requests,
    ending,
    erasing,
    grants,
    holding,
    log,
    matches,
    own_data,
    people,
    starting,
)
from node.accounts import GUEST
from node.cases import folding
from node.erasing import journal
from node.models.accounts import Account, GrantRow, SignIn
from node.models.cases import Case
from node.models.people import ContactPoint, NameKey, Person
from node.models.vault import ContentKey
from tests.support import members
from tests.support.cast import moot_on
from tests.support.erased import put_back, settle, stores, tombstones

CANARY = "canary: he came at night and shouted"
PERSON = (Account, ContactPoint, NameKey)


@pytest.fixture
def told(moot):
    """Ada's cases: one that is worked on, and one that is over."""
    live, over = (moot.tell(text=CANARY, by=moot["ada"]) for _ in range(2))
    moot.bring(live, State.WORKING)
    moot.bring(over, State.CLOSED)
    return live, over


def end(moot, who="ada"):
    ending.end(moot.node, by=moot[who])
    settle(moot)


def states(moot, *made):
    ids = [one.case_id for one in made]
    with moot.node.read() as tx:
        return set(tx.scalars(select(Case.state).where(Case.id.in_(ids))))


def of_person(moot, who="ada"):
    """Return how much is left that stands under somebody's name."""
    id_ = moot.ids[who]
    with moot.node.read() as tx:
        rows = [
            tx.scalar(select(func.count()).where(it.person_id == id_)) for it in PERSON
        ]
        key = tx.get(ContentKey, ("person", id_))
        return sum(rows), key, tx.get_one(Person, id_).display_name


def hold(moot, made, days):
    until = moot.node.now() + timedelta(days=days)
    id_ = holding.put_up(
        moot.node, made.reference, "A court asks.", until, by=moot["dov"]
    )
    vera = members.join(moot.node, f"vera{days}@ash.example", "steward")
    second = members.visitor(moot.node, vera)
    holding.agree(moot.node, id_, by=second)
    return partial(holding.end, moot.node, id_, by=second)


@pytest.fixture
def lite(tmp_path):
    """A community on SQLite, whose database can be put back as it was."""
    with moot_on("", tmp_path / "ash") as moot:
        yield moot


def test_everything_goes_with_the_account_and_nothing_of_others(moot, told):
    beside = moot.tell(text="The bus stop is dark.", by=moot["ben"])
    asked = data_requests.Wish(Kind.ACCESS, "canary: who read it?", None)
    data_requests.ask(moot.node, asked, by=moot["ada"])
    session = members.enter(moot.node, moot.ids["ada"])

    end(moot)

    assert states(moot, *told) == {State.ERASED}
    assert of_person(moot) == (0, None, None)
    with moot.node.read() as tx:
        mine = select(SignIn).where(SignIn.id_hash == session.visitor.session_id)
        assert tx.scalar(mine) is None
    assert all(b"canary" not in raw for raw in stores(moot.node).values())
    assert states(moot, beside) == {State.RECEIVED}
    assert of_person(moot, "ben")[1] is not None
    assert len(tombstones(moot)) == 3
    assert [*log.fsck(moot.node), *folding.verify(moot.node)] == []


def test_what_would_go_is_said_before_and_nothing_has_gone(moot, told):
    found = ending.look(moot.node, by=moot["ada"])

    assert (found.cases, found.held, found.roles) == (2, (), ())
    assert states(moot, *told) == {State.WORKING, State.CLOSED}
    assert own_data.held(moot.node, by=moot["ada"]).cases


def test_whoever_holds_a_role_gives_it_back_first(moot):
    cleo = moot["cleo"]
    assert ending.look(moot.node, by=cleo).roles == ("advocate",)
    with pytest.raises(RolesLeft) as refused:
        end(moot, "cleo")
    assert refused.value.values == {"roles": "advocate"}
    assert of_person(moot, "cleo")[1] is not None

    with moot.node.read() as tx:
        held = select(GrantRow.id).where(GrantRow.person_id == moot.ids["cleo"])
        grant = tx.scalars(held).one()
    grants.end(moot.node, grant, by=cleo)
    moot.village.pass_time(seconds=1)
    end(moot, "cleo")

    assert of_person(moot, "cleo") == (0, None, None)


def test_a_held_case_goes_when_the_hold_is_over_and_its_member_with_it(moot, told):
    live, over = told
    hold(moot, over, days=30)
    (held,) = ending.look(moot.node, by=moot["ada"]).held
    assert held.reference == over.reference

    end(moot)
    assert (states(moot, live), states(moot, over)) == ({State.ERASED}, {State.CLOSED})
    rows, key, _ = of_person(moot)
    assert (rows > 0, key is not None) == (True, True)
    with moot.node.read() as tx:
        assert (
            tx.scalar(select(Account).where(Account.person_id == moot.ids["ada"]))
            is None
        )

    moot.village.pass_time(days=31)
    settle(moot)
    assert states(moot, over) == {State.ERASED}
    assert of_person(moot) == (0, None, None)


def test_each_held_case_goes_when_its_own_hold_is_over(moot, told):
    live, over = told
    hold(moot, live, days=30)
    hold(moot, over, days=60)
    end(moot)

    moot.village.pass_time(days=31)
    settle(moot)
    assert states(moot, live) == {State.ERASED}
    assert states(moot, over) == {State.CLOSED}

    moot.village.pass_time(days=30)
    settle(moot)
    assert states(moot, over) == {State.ERASED}
    assert of_person(moot) == (0, None, None)


def test_a_hold_that_a_steward_ends_lets_the_case_go_that_day(moot, told):
    _live, over = told
    lift = hold(moot, over, days=60)
    end(moot)

    lift()
    settle(moot)

    assert states(moot, over) == {State.ERASED}
    assert of_person(moot) == (0, None, None)


def test_who_turned_out_to_be_the_same_person_goes_too(moot):
    guest = moot.tell(text=CANARY, contact="ada.home@mailbox.example")
    moot.bring(guest, State.QUEUED)
    with moot.node.read() as tx:
        other = tx.get_one(Case, guest.case_id).member_id
    matches.merge(moot.node, other, moot.ids["ada"], by=moot["iris"])

    end(moot)

    assert states(moot, guest) == {State.ERASED}
    with moot.node.read() as tx:
        assert tx.get(ContentKey, ("person", other)) is None


def test_nobody_ends_an_account_they_did_not_just_prove_or_do_not_have(moot, told):
    ada = moot["ada"]
    api = replace(ada, channel="api", fresh=False, scopes=frozenset({"cases:write"}))
    for by in (GUEST, moot.guest(told[0]), replace(ada, fresh=False), api):
        with pytest.raises((AuthRequired, AuthScope)):
            ending.end(moot.node, by=by)
    for by in (GUEST, moot.guest(told[0])):
        with pytest.raises(AuthRequired):
            ending.look(moot.node, by=by)

    assert journal.read(moot.node) == []
    assert states(moot, *told) == {State.WORKING, State.CLOSED}


def test_a_program_ends_it_if_its_member_gave_it_that_right(moot, told):
    api = replace(
        moot["ada"], channel="api", fresh=False, scopes=frozenset({erasing.SCOPE})
    )

    ending.end(moot.node, by=api)
    settle(moot)

    assert states(moot, *told) == {State.ERASED}


def test_doing_it_twice_does_no_more(moot, told):
    end(moot)
    size = moot.size()

    ending.forget(moot.node, str(moot.ids["ada"]))
    erasing.replay(moot.node)
    settle(moot)

    assert states(moot, *told) == {State.ERASED}
    assert moot.size() == size
    assert erasing.missing(moot.node) == []


def test_yesterdays_database_does_not_bring_an_account_back(lite, tmp_path):
    told = lite.tell(text=CANARY, by=lite["ada"])
    settle(lite)
    yesterday = tmp_path / "yesterday"
    shutil.copytree(lite.node.settings.data, yesterday)
    end(lite)
    lite.node.database.close()
    put_back(lite.node, yesterday)

    node = lite.village.open(lite.node.settings)
    again = replace(lite, node=node)
    assert states(again, told) == {State.RECEIVED}
    starting.begin(node)
    settle(again)

    assert states(again, told) == {State.ERASED}
    assert of_person(again) == (0, None, None)


def test_what_came_back_with_a_role_loses_it(lite, tmp_path):
    settle(lite)
    yesterday = tmp_path / "yesterday"
    shutil.copytree(lite.node.settings.data, yesterday)
    with lite.node.read() as tx:
        held = select(GrantRow.id).where(GrantRow.person_id == lite.ids["eve"])
        grant = tx.scalars(held).one()
    grants.end(lite.node, grant, by=lite["eve"])
    lite.village.pass_time(seconds=1)
    end(lite, "eve")
    lite.node.database.close()
    put_back(lite.node, yesterday)

    node = lite.village.open(lite.node.settings)
    starting.begin(node)
    settle(replace(lite, node=node))

    with node.read() as tx:
        row = tx.get_one(GrantRow, grant)
        assert row.expires_at <= node.now()
        assert people.names(node, tx, {lite.ids["eve"]}) == {lite.ids["eve"]: ""}
