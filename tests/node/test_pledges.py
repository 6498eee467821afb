from uuid import uuid4

import pytest
from sqlalchemy import select

from governance import pledges as rules
from governance.cases import Act, Priority, State
from governance.pledges import PledgeKind, PledgeState
from node import assignments, cases, governance, ladder, threads
from node.models.jobs import Job
from node.models.pledges import Pledge
from node.threads import Words


def answers(moot, made):
    with moot.node.read() as tx:
        rows = tx.scalars(
            select(Pledge)
            .where(
                Pledge.case_id == made.case_id,
                Pledge.kind == PledgeKind.FIRST_RESPONSE,
            )
            .order_by(Pledge.round)
        )
        return list(rows)


def reply(moot, made):
    words = Words(uuid4(), "An answer.")
    threads.reply(moot.node, made.reference, words, by=moot["cleo"])


def outcomes(moot, made):
    said = [dict(entry.disclosed) for entry in moot.entries(made)]
    return [one["outcome"] for one in said if one.get("what") == "first_response"]


def recomputed(moot, pledge):
    with moot.node.read() as tx:
        bylaws = governance.in_force(moot.node, tx)
    promise = rules.promise(bylaws, pledge.kind, Priority.NORMAL, at=pledge.started_at)
    rule = {row.id: row for row in bylaws.pledges}[pledge.rule]
    assert promise is not None
    return rules.due(pledge, rules.calendar_of(bylaws, rule.clock))


@pytest.mark.parametrize("priority", Priority)
def test_what_is_promised_can_be_computed_again_from_what_is_kept(moot, priority):
    made = moot.tell()
    moot.triage(made, priority, "A reason.")

    [pledge] = answers(moot, made)

    assert pledge.due_at == recomputed(moot, pledge)
    assert pledge.rules


def test_a_higher_priority_makes_a_promise_sooner_and_says_so(moot):
    made = moot.tell()
    [before] = answers(moot, made)

    moot.triage(made, Priority.URGENT, "No heating, with a small child.")

    [after] = answers(moot, made)
    assert after.due_at < before.due_at
    assert (after.id, after.started_at) == (before.id, before.started_at)
    assert outcomes(moot, made) == ["promised", "promised"]


@pytest.mark.parametrize("priority", [Priority.NORMAL, Priority.LOW])
def test_no_priority_ever_makes_a_promise_later(moot, priority):
    made = moot.tell()
    [before] = answers(moot, made)

    moot.triage(made, priority, "A reason.")

    [after] = answers(moot, made)
    assert (after.due_at, after.rule) == (before.due_at, before.rule)
    assert outcomes(moot, made) == ["promised"]


@pytest.mark.capability("1.12")
def test_a_miss_is_sealed_once_and_stays_a_miss(moot):
    made = moot.tell()
    moot.bring(made, State.WORKING)
    moot.village.pass_time(days=30)
    for _ in range(3):
        moot.village.work(moot.node)
        moot.village.pass_time(hours=1)
    [missed] = answers(moot, made)
    assert missed.state is PledgeState.OVERDUE
    ladder.look(moot.node, str(missed.id))
    assignments.take(moot.node, made.reference, by=moot["cleo"])

    reply(moot, made)
    ladder.look(moot.node, str(missed.id))
    moot.village.work(moot.node)

    [late] = answers(moot, made)
    assert late.state is PledgeState.MET_LATE
    assert (late.missed_at, late.met_at) == (missed.missed_at, moot.node.now())
    assert outcomes(moot, made) == ["promised", "missed"]


def test_a_late_answer_seals_the_miss_that_no_timer_had_noticed(moot):
    made = moot.tell()
    moot.bring(made, State.WORKING)
    moot.village.pass_time(days=30)

    reply(moot, made)
    moot.village.work(moot.node)

    [late] = answers(moot, made)
    assert (late.state, late.missed_at) == (PledgeState.MET_LATE, moot.node.now())
    assert outcomes(moot, made) == ["promised", "missed"]


def test_an_answer_in_time_is_no_miss_however_late_the_timer_looks(moot):
    made = moot.tell()
    moot.bring(made, State.WORKING)
    reply(moot, made)

    moot.village.pass_time(days=30)
    moot.village.work(moot.node)

    [kept] = answers(moot, made)
    assert (kept.state, kept.missed_at) == (PledgeState.MET, None)
    assert outcomes(moot, made) == ["promised"]


def test_a_promise_is_missed_at_the_moment_it_is_due_and_not_before(moot):
    made = moot.tell()
    [pledge] = answers(moot, made)

    moot.village.now = pledge.due_at
    moot.village.pass_time(milliseconds=-1)
    moot.village.work(moot.node)
    assert answers(moot, made)[0].state is PledgeState.RUNNING
    moot.village.pass_time(milliseconds=1)
    moot.village.work(moot.node)

    assert answers(moot, made)[0].state is PledgeState.OVERDUE


def test_no_promise_waits_for_an_answer_after_the_member_left(moot):
    made = moot.tell()
    cases.withdraw(moot.node, made.reference, by=moot.guest(made))

    moot.village.pass_time(days=30)
    moot.village.work(moot.node)

    [void] = answers(moot, made)
    assert (void.state, void.missed_at) == (PledgeState.VOID, None)
    assert outcomes(moot, made) == ["promised"]


def test_leaving_does_not_undo_a_miss_that_nobody_had_noticed(moot):
    made = moot.tell()
    moot.village.pass_time(days=30)

    cases.withdraw(moot.node, made.reference, by=moot.guest(made))
    moot.village.work(moot.node)

    [missed] = answers(moot, made)
    assert missed.state is PledgeState.OVERDUE
    assert outcomes(moot, made) == ["promised", "missed"]


def test_a_case_that_comes_back_is_promised_anew_each_time(moot):
    made = moot.tell()
    moot.bring(made, State.RESOLVED)
    moot.act(made, Act.DISPUTE, moot.guest(made))
    moot.act(made, Act.RESOLVE, moot["cleo"], text="Done now.")
    moot.act(made, Act.CONFIRM, moot.guest(made))
    moot.act(made, Act.REOPEN, moot.guest(made))

    found = answers(moot, made)

    assert [one.round for one in found] == [0, 1, 2]
    assert [one.state for one in found] == [
        PledgeState.MET, PledgeState.MET, PledgeState.RUNNING,
    ]  # fmt: skip
    for one in found:
        assert one.due_at == recomputed(moot, one)


def test_every_open_promise_has_its_timer(moot):
    made = moot.tell()
    moot.triage(made, Priority.HIGH, "A letter with a date in it.")

    [pledge] = answers(moot, made)
    with moot.node.read() as tx:
        timers = tx.scalars(select(Job.run_at).where(Job.subject == str(pledge.id)))
        assert pledge.due_at in timers.all()


def test_looking_at_a_promise_that_is_gone_does_nothing(moot):
    before = moot.size()

    ladder.look(moot.node, str(uuid4()))

    assert moot.size() == before
