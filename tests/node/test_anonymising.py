"""A case without its name: what went is nowhere, and what stays points at nobody."""

import pytest
from sqlalchemy import select

from governance.cases import State
from governance.retention import Choice
from governance.walls import Cause
from node import assignments, cases, keeping, publications, work
from node.cases import conflicts, folding
from node.keeping import Chosen
from node.models.access import Access
from node.models.assignments import Assignment
from node.models.cases import Case, CaseEvent
from node.models.consent import Consent, ConsentEvent
from node.models.people import ContactPoint, Person
from node.models.pledges import Escalation, Pledge
from node.models.publications import EndedPublication, Publication
from node.models.walls import Wall
from tests.support.erased import left, secrets, settle
from tests.support.publicly import stored

STORY = "canary: the landlord hit the wall with a hammer"
OUR = {"contact": "canary@mailbox.example", "name": "canary-name", "place": "canary-12"}
FEW, ENOUGH = 3, 10


@pytest.fixture
def made(moot):
    return closed(moot, text=STORY, **OUR)


def closed(moot, **given):
    made = moot.tell(**given)
    moot.triage(made, area="south")
    take(moot, made)
    return made


def take(moot, made):
    assignments.take(moot.node, made.reference, by=moot["cleo"])
    moot.village.pass_time(hours=5)
    moot.act(made, "resolve", moot["cleo"], text="canary: it is repaired.")
    moot.act(made, "confirm", moot.guest(made), answer="solved")


def nameless(moot, made):
    chosen = Chosen(Choice.NAMELESS, " ".join(made.words), "203.0.113.9")
    keeping.choose(moot.node, made.reference, chosen, by=moot.guest(made))
    settle(moot)


def row(moot, made):
    with moot.node.read() as tx:
        found = tx.get_one(Case, made.case_id)
        tx.expunge(found)
        return found


def test_its_words_and_keys_are_in_no_store(moot, made):
    settle(moot)
    known = secrets(moot.node, made.case_id, 0)
    wanted = {**known.words, **known.opening, **known.keys}
    wanted |= {name: text.encode() for name, text in OUR.items()}
    assert left(moot.node, wanted)

    nameless(moot, made)

    assert left(moot.node, wanted) == set()
    assert list(folding.verify(moot.node)) == []


def test_nothing_leads_from_it_to_a_person(moot, made):
    guest = moot.guest(made)
    nameless(moot, made)

    case = row(moot, made)
    assert case.member_id != guest.person_id
    assert case.reference != made.reference
    with moot.node.read() as tx:
        events = tx.scalars(select(CaseEvent)).all()
        assert {(one.actor_id, one.whom, one.reason) for one in events} == {
            (None, None, None)
        }
        assert tx.get_one(Person, case.member_id).display_name is None
    for column in (ContactPoint.id, Consent.id, ConsentEvent.seq, Assignment.id):
        assert stored(moot.node, column) == [] or column is ContactPoint.id
    assert guest.person_id not in stored(moot.node, ContactPoint.person_id)


def test_who_looked_and_who_was_kept_away_lead_to_it_no_more(moot, made):
    cases.view(moot.node, made.reference, by=moot["cleo"])
    found = {moot["eve"].person_id: Cause.HOUSEHOLD}
    with moot.node.begin() as tx:
        conflicts.put_up(moot.node, tx, made.case_id, found)
    assert made.case_id in stored(moot.node, Access.case_id)

    nameless(moot, made)

    assert stored(moot.node, Wall.id) == []
    assert set(stored(moot.node, Access.case_id)) == {None}
    assert moot["cleo"].person_id in stored(moot.node, Access.person_id)


def test_a_case_that_climbed_the_ladder_loses_its_name_with_its_promises(moot):
    made = moot.tell(text=STORY, **OUR)
    for _ in range(40):
        moot.village.pass_time(hours=12)
        moot.village.work(moot.node)
    assert made.case_id in stored(moot.node, Escalation.case_id)
    cases.withdraw(moot.node, made.reference, by=moot.guest(made))

    nameless(moot, made)

    assert stored(moot.node, Escalation.case_id) == []
    assert made.case_id not in stored(moot.node, Pledge.case_id)


def test_every_time_is_a_month(moot, made):
    nameless(moot, made)

    case = row(moot, made)
    times = [case.received_at, case.closed_at, *stored(moot.node, CaseEvent.at)]
    assert {(at.day, at.hour, at.minute, at.microsecond) for at in times} == {
        (1, 0, 0, 0)
    }


def test_alone_of_its_kind_it_keeps_no_figure(moot, made):
    for _ in range(FEW):
        closed(moot)

    nameless(moot, made)

    case = row(moot, made)
    assert (case.topic, case.area, case.outcome) == ("", None, None)
    assert made.case_id not in stored(moot.node, Pledge.case_id)


def test_among_enough_of_its_kind_it_keeps_what_they_share(moot, made):
    took = waits(moot, made)
    for _ in range(ENOUGH):
        closed(moot)

    nameless(moot, made)

    case = row(moot, made)
    assert (case.topic, case.area, case.outcome) == (
        "housing",
        "south",
        "resolved_confirmed",
    )
    assert waits(moot, made) == took
    assert list(folding.verify(moot.node)) == []


def waits(moot, made):
    with moot.node.read() as tx:
        found = tx.scalars(
            select(Pledge).where(Pledge.case_id == made.case_id).order_by(Pledge.kind)
        )
        return [
            (one.kind, one.met_at and one.met_at - one.started_at, one.state)
            for one in found
            if one.met_at is not None
        ]


def test_a_member_with_an_account_stays_and_the_case_is_not_theirs(moot):
    ada = moot["ada"]
    made = moot.tell(by=ada)
    cases.withdraw(moot.node, made.reference, by=ada)
    moot.village.pass_time(days=61)
    for days in (60, 60, 60):
        work.sweep(moot.node)
        moot.village.pass_time(days=days)
    work.sweep(moot.node)
    settle(moot)

    assert row(moot, made).member_id != ada.person_id
    mine = cases.mine(moot.node, by=moot["ada"])
    assert (mine.waiting, mine.open, mine.settled) == ((), (), ())
    assert ada.person_id in stored(moot.node, ContactPoint.person_id)


def test_what_was_public_of_it_stays_gone_and_leads_nowhere(moot):
    moot.village.connect(moot.node)
    ada = moot["ada"]
    made = moot.tell(by=ada)
    publications.publish(moot.node, made.reference, "Cold", "Mine.", by=ada)
    cases.withdraw(moot.node, made.reference, by=ada)
    (key,) = stored(moot.node, Publication.key)

    keeping.choose(moot.node, made.reference, Chosen(Choice.NAMELESS), by=ada)

    assert stored(moot.node, Publication.key) == []
    assert stored(moot.node, EndedPublication.key) == [key]
    assert row(moot, made).state is State.ERASED
