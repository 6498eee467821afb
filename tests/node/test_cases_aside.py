"""Putting aside what is no case, the second person, and what becomes of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from governance.cases import Act, State
from governance.errors import Denied, NotFound, ReasonMissing, SecondPerson, WrongState
from node import cases, vault
from node.models.cases import Case, CaseEvent
from node.models.notices import Notice
from node.models.seconding import Seconding

WHY = "It is an advertisement."
DESK = ("iris", "olga", "gus")


@pytest.fixture
def made(moot):
    return moot.tell(contact="ada@mailbox.example")


def state_of(moot, made):
    with moot.node.read() as tx:
        return tx.get_one(Case, made.case_id).state


def put_aside(moot, made, by="iris"):
    cases.discard(moot.node, made.reference, WHY, by=moot[by])
    (found,) = cases.set_aside(moot.node, by=moot["olga"])
    return found


def later(moot, **time):
    moot.village.pass_time(**time)
    moot.village.work(moot.node)


def told(moot, kind):
    with moot.node.read() as tx:
        return len(tx.scalars(select(Notice).where(Notice.kind == kind)).all())


def test_who_triages_puts_aside_what_is_no_case_with_a_reason(moot, made):
    found = put_aside(moot, made)

    shown = cases.view(moot.node, made.reference, by=moot.guest(made))
    assert (shown.state, shown.timeline[-1].reason) == (State.DISCARDED, WHY)
    assert (found.reference, found.reason) == (made.reference, WHY)
    assert found.title == "The heating has been off for three weeks"
    assert found.at == moot.node.now()


@pytest.mark.parametrize("why", ["", "  "])
def test_nothing_is_put_aside_without_a_reason(moot, made, why):
    before = moot.size()

    with pytest.raises(ReasonMissing):
        cases.discard(moot.node, made.reference, why, by=moot["iris"])

    assert (state_of(moot, made), moot.size()) == (State.RECEIVED, before)


@pytest.mark.parametrize("who", ["cleo", "ada", "finn"])
def test_nobody_else_puts_anything_aside(moot, made, who):
    with pytest.raises(NotFound):
        cases.discard(moot.node, made.reference, WHY, by=moot[who])

    with pytest.raises(Denied):
        cases.set_aside(moot.node, by=moot[who])


def test_nobody_puts_their_own_case_aside(moot):
    made = moot.tell(by=moot["iris"])

    with pytest.raises(Denied):
        cases.discard(moot.node, made.reference, WHY, by=moot["iris"])

    put_aside(moot, made, by="gus")
    assert cases.set_aside(moot.node, by=moot["iris"]) == ()


def test_only_what_was_just_received_can_be_put_aside(moot, made):
    moot.bring(made, State.WORKING)

    with pytest.raises(WrongState):
        cases.discard(moot.node, made.reference, WHY, by=moot["iris"])


@pytest.mark.parametrize("who", ["guest", *DESK])
def test_for_a_month_its_member_or_the_desk_brings_it_back(moot, made, who):
    put_aside(moot, made)
    moot.village.pass_time(days=30)
    by = moot.guest(made) if who == "guest" else moot[who]

    cases.restore(moot.node, made.reference, by=by)

    assert state_of(moot, made) is State.RECEIVED
    assert cases.set_aside(moot.node, by=moot["olga"]) == ()


def test_a_steward_brings_back_what_they_cannot_read(moot, made):
    put_aside(moot, made)
    with pytest.raises(NotFound):
        cases.view(moot.node, made.reference, by=moot["dov"])

    cases.restore(moot.node, made.reference, by=moot["dov"])

    assert state_of(moot, made) is State.RECEIVED


def test_after_a_month_nobody_brings_it_back(moot, made):
    put_aside(moot, made)
    moot.village.pass_time(days=30, seconds=1)

    with pytest.raises(WrongState):
        cases.restore(moot.node, made.reference, by=moot["iris"])
    shown = cases.view(moot.node, made.reference, by=moot["iris"])
    assert Act.RESTORE not in shown.acts


def test_who_put_it_aside_is_no_second_person(moot, made):
    found = put_aside(moot, made)
    (own,) = cases.set_aside(moot.node, by=moot["iris"])

    with pytest.raises(SecondPerson):
        cases.seen(moot.node, made.reference, found.proposal, by=moot["iris"])

    assert (found.yours, own.yours) == (True, False)


def test_what_two_people_put_aside_is_gone_after_a_month(moot, made):
    found = put_aside(moot, made)
    cases.seen(moot.node, made.reference, found.proposal, by=moot["olga"])
    assert cases.set_aside(moot.node, by=moot["olga"]) == ()

    later(moot, days=30)
    assert state_of(moot, made) is State.DISCARDED
    later(moot, seconds=1)
    later(moot, hours=1)

    assert state_of(moot, made) is State.ERASED
    with moot.node.read() as tx:
        assert vault.key_of(moot.node, tx, "case", made.case_id) is None
        last = select(CaseEvent).where(CaseEvent.case_id == made.case_id)
        events = tx.scalars(last.order_by(CaseEvent.seq)).all()
        assert tx.scalars(select(Seconding)).all() == []
    assert [event.act for event in events][-2:] == [Act.DISCARD, Act.PURGE]
    assert {event.reason for event in events} == {None}


def test_what_one_person_put_aside_is_kept_and_stewards_hear_of_it(moot, made):
    put_aside(moot, made)

    later(moot, days=6, hours=23)
    assert told(moot, "case.unseen") == 0
    later(moot, hours=2)
    later(moot, days=60)

    assert state_of(moot, made) is State.DISCARDED
    assert told(moot, "case.unseen") == 1


def test_looking_at_last_lets_it_go_at_once(moot, made):
    found = put_aside(moot, made)
    later(moot, days=60)

    cases.seen(moot.node, made.reference, found.proposal, by=moot["gus"])
    later(moot, seconds=1)

    assert state_of(moot, made) is State.ERASED


def test_what_came_back_is_not_destroyed_by_an_older_agreement(moot, made):
    found = put_aside(moot, made)
    cases.seen(moot.node, made.reference, found.proposal, by=moot["olga"])
    cases.restore(moot.node, made.reference, by=moot.guest(made))
    moot.village.pass_time(days=20)
    cases.discard(moot.node, made.reference, WHY, by=moot["gus"])

    later(moot, days=11)

    assert state_of(moot, made) is State.DISCARDED
    assert moot.node.now() - found.at > timedelta(days=30)


def test_its_ledger_entries_say_what_happened_and_by_whom(moot, made):
    put_aside(moot, made)
    cases.restore(moot.node, made.reference, by=moot.guest(made))

    assert moot.kinds(made)[-2:] == ["status", "status"]
