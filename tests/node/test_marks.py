"""What becomes due when many joined a common matter, and how it ends with the last."""

import pytest
from sqlalchemy import select

from governance.cases import Outcome, State
from governance.consent import Purpose
from governance.errors import NotFound, NotYours
from governance.joins import Mark, Scope
from node import cases, consent, consent_records, together, work
from node.ladder import growing
from node.models.jobs import Job
from node.together import marks
from tests.node.test_claimants import street_in
from tests.support.cast import moot_on
from tests.support.engines import ENGINES, server_of


@pytest.fixture
def street(moot):
    return street_in(moot)


@pytest.fixture(params=ENGINES)
def either_street(request, tmp_path):
    with moot_on(server_of(request), tmp_path / "moot") as moot:
        yield street_in(moot)


def joined_by(street, number):
    found = [street.joined() for _ in range(number)]
    street.moot.village.work(street.moot.node)
    return found


def no_job_failed(street):
    with street.moot.node.read() as tx:
        failed = select(Job).where(Job.kind == marks.JOB, Job.done_at.is_(None))
        return tx.scalar(failed.limit(1)) is None


def due(street, who="gus"):
    return {one.mark for one in street.at_desk(who).due}


def subjects(street, who):
    mails = street.moot.village.mails
    return [mail["Subject"] for to, mail in mails if to == f"{who}@ash.example"]


def test_the_fifth_who_joins_makes_a_coordinator_look(either_street):
    street = either_street
    joined_by(street, 4)
    assert due(street) == set()

    joined_by(street, 1)

    assert due(street) == {Mark.REVIEW}
    told = f"Many joined: case {street.ref}"
    assert subjects(street, "gus").count(told) == 1
    assert subjects(street, "iris").count(told) == 1
    assert told not in subjects(street, "cleo")


def test_the_tenth_makes_whoever_works_on_it_tell_the_other_side(street):
    joined_by(street, 10)

    told = f"So many joined that others should know: case {street.ref}"
    assert subjects(street, "cleo").count(told) == 1
    assert told not in subjects(street, "gus")
    assert due(street) == {Mark.REVIEW, Mark.RESPONDENT}


def test_the_twenty_fifth_proposes_it_for_the_agenda_where_those_who_joined_see_it(
    street,
):
    made, *_ = joined_by(street, 24)
    assert not street.look(made).joined.proposed

    joined_by(street, 1)

    assert street.look(made).joined.proposed
    assert due(street) == set(Mark)
    assert f"Proposed for the agenda: case {street.ref}" in subjects(street, "gus")


def test_it_is_looked_at_by_job_and_told_once_however_often(street):
    joined_by(street, 6)
    before = len(street.moot.village.mails)

    growing.look(street.moot.node, str(street.matter.case_id))
    street.moot.village.work(street.moot.node)

    assert len(street.moot.village.mails) == before


def test_what_became_due_stays_when_some_leave(street):
    made, *_ = joined_by(street, 5)

    by = street.moot.guest(made)
    together.leave(street.moot.node, made.reference, by=by)
    joined_by(street, 1)

    assert due(street) == {Mark.REVIEW}
    assert no_job_failed(street)
    assert subjects(street, "gus").count(f"Many joined: case {street.ref}") == 1


def test_who_did_what_was_due_says_so_once(street):
    joined_by(street, 10)
    node, ref = street.moot.node, street.ref

    marks.settle(node, ref, Mark.REVIEW, by=street.moot["gus"])
    size = street.moot.size()
    marks.settle(node, ref, Mark.REVIEW, by=street.moot["gus"])
    marks.settle(node, ref, Mark.RESPONDENT, by=street.moot["cleo"])

    assert street.moot.size() == size + 1
    assert {one.mark: one.done for one in street.at_desk().due} == {
        Mark.REVIEW: True,
        Mark.RESPONDENT: True,
    }


@pytest.mark.parametrize("who", ["cleo", "guest"])
def test_the_review_is_a_coordinators(street, who):
    joined_by(street, 5)
    by = street.moot.guest(street.matter) if who == "guest" else street.moot[who]

    with pytest.raises(NotYours):
        marks.settle(street.moot.node, street.ref, Mark.REVIEW, by=by)


def test_what_is_not_due_is_not_done(street):
    with pytest.raises(NotFound):
        marks.settle(street.moot.node, street.ref, Mark.REVIEW, by=street.moot["gus"])


def withdraw(street):
    by = street.moot.guest(street.matter)
    return cases.withdraw(street.moot.node, street.ref, by=by)


def test_what_others_go_on_with_ends_with_the_last_of_them(either_street):
    street = either_street
    first, second = street.joined(Scope.COUNTED), street.joined()
    withdraw(street)
    assert street.state() is State.WORKING
    assert street.at_desk().left

    for made, state in ((first, State.WORKING), (second, State.CLOSED)):
        by = street.moot.guest(made)
        together.leave(street.moot.node, made.reference, by=by)
        work.run(street.moot.node)
        assert street.state() is state

    assert street.outcome() is Outcome.WITHDRAWN
    assert street.moot.kinds(street.matter)[-1] == "withdraw"


def test_who_left_it_to_others_is_written_to_no_more_and_leaves_once(street):
    street.joined()
    withdraw(street)
    size = street.moot.size()
    withdraw(street)

    assert street.moot.size() == size
    by = street.moot.guest(street.matter)
    lines = consent_records.records(street.moot.node, street.ref, by=by)
    assert not [it for it in lines if it.purpose is Purpose.CONTACT_CASE and it.held]


def test_stopping_the_consent_to_work_on_it_ends_it_for_everybody_at_once(street):
    street.joined()
    by = street.moot.guest(street.matter)
    lines = consent_records.records(street.moot.node, street.ref, by=by)
    (row,) = (it for it in lines if it.purpose is Purpose.HANDLE_CASE)

    consent.revoke(street.moot.node, street.ref, row.id, by=by)

    assert street.state() is State.CLOSED


def test_what_nobody_joined_is_taken_back_at_once(street):
    withdraw(street)

    assert street.state() is State.CLOSED
