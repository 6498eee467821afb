"""A case that rests is kept, and nothing else is done with it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from governance.cases import State
from governance.errors import NotFound, NotYours, WrongState
from governance.retention import CaseRests
from governance.walls import Cause
from node import access, assignments, cases, publications, restricting, search, threads
from node.accounts import Visitor
from node.cases import conflicts, folding
from node.cases.hand import RESTS, by_rule
from node.erasing import Level
from node.models.jobs import Job
from node.threads import Words
from tests.support import members
from tests.support.erased import erase, wish


@pytest.fixture
def made(moot):
    made = moot.tell(contact="ada@mailbox.example")
    moot.bring(made, State.WORKING)
    return made


def rest(moot, made):
    restricting.restrict(moot.node, made.reference, by=moot.guest(made))


def go_on(moot, made):
    restricting.lift(moot.node, made.reference, by=moot.guest(made))


def test_the_desk_does_not_find_it_until_it_goes_on(moot, made):
    by = moot["cleo"]
    for _ in range(2):
        rest(moot, made)
    for look in (
        lambda: cases.view(moot.node, made.reference, by=by),
        lambda: threads.reply(moot.node, made.reference, Words(uuid4(), "x"), by=by),
    ):
        with pytest.raises(NotFound):
            look()
    assert made.reference not in str(assignments.desk(moot.node, by=by))

    for _ in range(2):
        go_on(moot, made)

    assert cases.view(moot.node, made.reference, by=by).state is State.WORKING
    assert made.reference in str(assignments.desk(moot.node, by=by))
    assert moot.kinds(made).count("status") == moot.kinds(made)[:-2].count("status") + 2
    assert list(folding.verify(moot.node)) == []


def test_it_answers_like_one_that_is_not_there(moot, made):
    rest(moot, made)

    said = []
    for reference in (made.reference, "AS-1234567"):
        with pytest.raises(NotFound) as no:
            cases.view(moot.node, reference, by=moot["iris"])
        said.append(str(no.value))

    assert said[0] == said[1]


def test_its_member_reads_and_takes_it_back_and_erases_it(moot, made):
    rest(moot, made)
    by = moot.guest(made)
    assert cases.view(moot.node, made.reference, by=by).story

    cases.withdraw(moot.node, made.reference, by=by)
    assert moot.state(made) is State.CLOSED
    erase(moot, made, wish(Level.CHAIN, None))

    with pytest.raises(WrongState):
        restricting.restrict(
            moot.node, made.reference, by=Visitor(case_id=made.case_id)
        )


def test_no_rule_moves_it_and_the_work_is_done_once_it_goes_on(moot):
    ada = moot["ada"]
    made = moot.tell(by=ada)
    cases.withdraw(moot.node, made.reference, by=ada)
    restricting.restrict(moot.node, made.reference, by=ada)
    for _ in range(40):
        moot.village.pass_time(days=5)
        moot.village.work(moot.node)
    before = len(asked(moot))
    assert before == 0
    with moot.node.begin() as tx, pytest.raises(CaseRests):
        by_rule(moot.node, tx, made.case_id)

    restricting.lift(moot.node, made.reference, by=ada)
    moot.village.work(moot.node)

    assert len(asked(moot)) == 1


def test_its_work_is_put_away_and_is_no_fault(moot, made):
    rest(moot, made)
    moot.village.pass_time(days=30)
    moot.village.work(moot.node)

    waiting = [job for job in jobs_of(moot) if job.last_error == RESTS]
    assert waiting
    assert {(job.dead_at, job.attempts) for job in waiting} == {(None, 0)}
    assert {job.run_at for job in waiting} == {moot.node.now() + timedelta(days=1)}

    go_on(moot, made)
    moot.village.work(moot.node)

    assert [job for job in jobs_of(moot) if job.last_error == RESTS] == []


def jobs_of(moot):
    with moot.node.read() as tx:
        found = tx.scalars(select(Job).where(Job.done_at.is_(None))).all()
        tx.expunge_all()
        return found


def test_whom_a_wall_keeps_away_meanwhile_has_it_no_more_when_it_goes_on(moot, made):
    rest(moot, made)
    found = {moot["cleo"].person_id: Cause.INTEREST}
    with moot.node.begin() as tx:
        conflicts.put_up(moot.node, tx, made.case_id, found)

    go_on(moot, made)

    assert moot.state(made) is State.QUEUED
    assert list(folding.verify(moot.node)) == []


def test_no_exception_opens_it_and_nobody_agrees_to_one(moot, made):
    vera = members.join(moot.node, "vera@ash.example", "steward")
    vera = members.visitor(moot.node, vera, "Vera")
    asked = access.ask(moot.node, made.reference, "Danger.", by=moot["dov"])
    rest(moot, made)

    with pytest.raises(NotFound):
        access.answer(moot.node, asked, agree=True, by=vera)
    with pytest.raises(NotFound):
        access.ask(moot.node, made.reference, "Danger.", by=vera)


def asked(moot):
    mails = [mail for _, mail in moot.village.mails]
    return [mail for mail in mails if "Shall we keep" in mail["Subject"]]


def test_what_was_public_of_it_is_taken_back(moot):
    moot.village.connect(moot.node)
    ada = moot["ada"]
    made = moot.tell(by=ada)
    publications.publish(moot.node, made.reference, "Cold", "Mine.", by=ada)

    restricting.restrict(moot.node, made.reference, by=ada)

    shown = publications.shown(moot.node, made.reference, by=ada)
    assert shown.ended_at is not None
    view = cases.view(moot.node, made.reference, by=ada)
    assert "publish" not in {it.purpose for it in view.consents if not it.withdrawn_at}


@pytest.mark.parametrize("who", ["cleo", "iris"])
def test_only_its_member_lets_it_rest(moot, made, who):
    for act in (restricting.restrict, restricting.lift):
        with pytest.raises(NotYours):
            act(moot.node, made.reference, by=moot[who])


def test_search_of_the_desk_does_not_find_it(moot, made):
    search.refresh(moot.node)
    rest(moot, made)

    assert made.reference not in str(search.find(moot.node, "heating", by=moot["cleo"]))
