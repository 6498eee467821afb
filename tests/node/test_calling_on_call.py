"""In danger the roster is called first, one after the other, and then everybody."""

from datetime import timedelta

import pytest
from sqlalchemy import delete

from governance.cases import State
from governance.roster import ANSWER
from governance.rubric import Finding
from governance.walls import Cause
from node import assignments, cases, ladder
from node.cases import DANGER, URGENT, conflicts
from node.cases.triage import finding
from node.intake import Audience
from node.models.jobs import Job
from node.models.people import ContactPoint
from tests.node.test_absences import away
from tests.node.test_calling import find
from tests.node.test_resorting import again
from tests.node.test_roster import put

LEADS = {"gus", "iris", "olga"}


def told(moot, word):
    """Return who was told of something, in the order in which it left."""
    moot.village.work(moot.node)
    return [
        to.partition("@")[0]
        for to, mail in moot.village.mails
        if mail["Subject"].startswith(word)
    ]


def called(moot):
    return told(moot, "You are on call. ")


def everybody(moot):
    return set(told(moot, "Danger:"))


def later(moot, by=ANSWER):
    moot.village.pass_time(seconds=by.total_seconds())


@pytest.fixture
def roster(moot):
    """Cleo is on call, and Eve behind her."""
    put(moot, "cleo")
    put(moot, "eve", rank=2)


@pytest.fixture
def made(moot, roster):
    del roster
    return moot.tell(by=moot["ada"], audience=Audience.ADVOCATES)


def test_in_danger_who_is_on_call_hears_first_and_alone(moot, made):
    find(moot, made, Finding.DANGER)

    assert called(moot) == ["cleo"]
    assert everybody(moot) == set()


def test_without_an_answer_the_next_is_called_and_then_all_who_share_out(moot, made):
    find(moot, made, Finding.DANGER)
    called(moot)

    later(moot, ANSWER - timedelta(seconds=1))
    assert called(moot) == ["cleo"]
    later(moot, timedelta(seconds=1))
    assert (called(moot), everybody(moot)) == (["cleo", "eve"], set())
    later(moot)
    assert (called(moot), everybody(moot)) == (["cleo", "eve"], LEADS)
    later(moot, timedelta(days=1))
    assert (called(moot), everybody(moot)) == (["cleo", "eve"], LEADS)


def test_whoever_opens_the_case_has_answered(moot, made):
    find(moot, made, Finding.DANGER)
    called(moot)

    moot.village.pass_time(seconds=1)
    cases.view(moot.node, made.reference, by=moot["cleo"])
    later(moot)

    assert called(moot) == ["cleo"]
    assert everybody(moot) == set()


def test_a_look_of_somebody_who_was_not_called_is_no_answer(moot, made):
    find(moot, made, Finding.DANGER)
    called(moot)

    moot.village.pass_time(seconds=1)
    cases.view(moot.node, made.reference, by=moot["eve"])
    later(moot)

    assert called(moot) == ["cleo", "eve"]


def test_a_case_that_somebody_took_calls_nobody_else(moot, made):
    find(moot, made, Finding.DANGER)
    called(moot)

    assignments.take(moot.node, made.reference, by=moot["gus"])
    later(moot)

    assert moot.state(made) is State.WORKING
    assert (called(moot), everybody(moot)) == (["cleo"], set())


def test_who_is_behind_a_wall_is_passed_over_and_hears_nothing(moot, made):
    with moot.node.begin() as tx:
        found = {moot.ids["cleo"]: Cause.INTEREST}
        conflicts.put_up(moot.node, tx, made.case_id, found)
    find(moot, made, Finding.DANGER)

    assert called(moot) == ["eve"]
    later(moot)
    later(moot)
    called(moot)
    assert not [
        mail
        for to, mail in moot.village.mails
        if to.startswith("cleo@") and made.reference in str(mail)
    ]


def test_who_stands_in_is_called_for_who_is_away(moot, made):
    away(moot, "cleo", "gus")
    find(moot, made, Finding.DANGER)

    assert called(moot) == ["gus"]


def test_who_could_not_open_it_is_not_called_for_it(moot, roster):
    del roster
    put(moot, "gus", rank=3)
    theirs = moot.tell(by=moot["ada"], audience=Audience.ASSIGNED)
    find(moot, theirs, Finding.DANGER)

    assert called(moot) == ["gus"]


def test_who_cannot_be_reached_costs_no_time(moot, made):
    with moot.node.begin() as tx:
        tx.query(ContactPoint).filter_by(person_id=moot.ids["cleo"]).update(
            {"state": "hard_bounce"}
        )
    find(moot, made, Finding.DANGER)

    assert called(moot) == ["eve"]


def test_when_nobody_is_on_call_all_who_share_out_hear_at_once(moot):
    put(moot, "cleo", 1, 2)
    made = moot.tell(by=moot["ada"], audience=Audience.ADVOCATES)
    find(moot, made, Finding.DANGER)

    assert everybody(moot) == LEADS
    assert called(moot) == []


def test_what_is_urgent_calls_who_is_on_call_and_nobody_else(moot, made):
    find(moot, made, Finding.LOSS)

    assert called(moot) == ["cleo"]
    later(moot)
    assert called(moot) == ["cleo", "eve"]
    later(moot)
    assert (called(moot), everybody(moot)) == (["cleo", "eve"], set())
    assert all("Danger" not in str(mail) for _, mail in moot.village.mails)


def test_what_is_not_urgent_calls_nobody(moot, made):
    moot.triage(made)

    assert called(moot) == []


@pytest.mark.parametrize(
    ("found", "kind", "again"),
    [
        (Finding.DANGER, DANGER, ladder.call),
        (Finding.LOSS, URGENT, ladder.call_urgent),
    ],
)
def test_a_call_done_twice_calls_once(moot, made, found, kind, again):
    subject = finding(made.case_id, moot.node.now())
    find(moot, made, found)
    called(moot)

    again(moot.node, subject)
    again(moot.node, subject)

    assert called(moot) == ["cleo"]
    assert kind == ("case.danger" if again is ladder.call else "case.urgent")


def test_danger_that_is_found_anew_is_called_for_anew(moot, made):
    find(moot, made, Finding.DANGER)
    assert called(moot) == ["cleo"]
    moot.village.pass_time(seconds=1)
    cases.view(moot.node, made.reference, by=moot["cleo"])
    again(moot, made, found=frozenset({Finding.WAITS}))
    later(moot, timedelta(hours=2))

    again(moot, made, found=frozenset({Finding.DANGER}))

    assert called(moot) == ["cleo", "cleo"]
    later(moot)
    assert called(moot) == ["cleo", "cleo", "eve"]


def test_whoever_looks_too_soon_looks_again(moot, made):
    subject = finding(made.case_id, moot.node.now())
    find(moot, made, Finding.DANGER)
    assert called(moot) == ["cleo"]
    with moot.node.begin() as tx:
        tx.execute(delete(Job).where(Job.kind == DANGER, Job.done_at.is_(None)))

    # As by another machine, whose clock is a moment behind.
    later(moot, ANSWER - timedelta(milliseconds=10))
    ladder.call(moot.node, subject)
    assert called(moot) == ["cleo"]

    later(moot, timedelta(seconds=1))
    assert called(moot) == ["cleo", "eve"]
