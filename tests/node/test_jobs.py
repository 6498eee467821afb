from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select

from node import jobs, log
from node.jobs import BATCH, LEASE, LONGEST_WAIT, MOST_ATTEMPTS, Asked
from node.models.jobs import Job
from node.models.log import LedgerOutbox
from tests.support.members import Statements

KIND = "errand"


@pytest.fixture
def ash(either):
    node = either.found("https://ash.example")
    with node.begin() as tx:
        tx.execute(delete(Job))
    return node


def ask(node, *subjects, **given):
    given.setdefault("run_at", node.now())
    with node.begin() as tx:
        jobs.put(node, tx, *(Asked(KIND, subject, **given) for subject in subjects))


def row_of(node, subject="one"):
    with node.read() as tx:
        return tx.scalars(select(Job).where(Job.subject == subject)).one()


def subjects(leased):
    return [one.subject for one in leased]


def give_back(node, problem):
    (leased,) = jobs.lease(node, "worker")
    assert jobs.finish(node, leased, problem=problem)


def test_what_is_due_is_leased_to_one(ash):
    ask(ash, "one")

    first, second = jobs.lease(ash, "cleo"), jobs.lease(ash, "ben")

    assert [(one.subject, one.attempt, one.owner) for one in first] == [
        ("one", 1, "cleo")
    ]
    assert second == []


def test_what_is_not_due_yet_is_left(either, ash):
    ask(ash, "one", run_at=ash.now() + timedelta(minutes=1))
    before = (jobs.waiting(ash), jobs.lease(ash, "worker"))

    either.pass_time(minutes=1)

    assert before == (False, [])
    assert jobs.waiting(ash)
    assert subjects(jobs.lease(ash, "worker")) == ["one"]


def test_what_was_due_first_is_handed_out_first(ash):
    for minutes, subject in enumerate(["last", "third", "second", "first"]):
        ask(ash, subject, run_at=ash.now() - timedelta(minutes=minutes))

    assert subjects(jobs.lease(ash, "worker")) == ["first", "second", "third", "last"]


def test_one_worker_takes_no_more_than_a_batch(ash):
    ask(ash, *map(str, range(BATCH + 5)))

    taken = [len(jobs.lease(ash, "worker")) for _ in range(3)]

    assert taken == [BATCH, 5, 0]


def test_many_workers_at_once_never_hold_the_same_job(ash):
    ask(ash, *map(str, range(100)))

    def work(name):
        held = []
        while leased := jobs.lease(ash, f"worker-{name}"):
            held += leased
        return held

    with ThreadPoolExecutor(4) as crowd:
        held = [one.subject for each in crowd.map(work, range(4)) for one in each]

    assert sorted(held, key=int) == [str(number) for number in range(100)]


def test_a_job_of_a_killed_worker_comes_back_after_its_lease(either, ash):
    ask(ash, "one")
    jobs.lease(ash, "killed")

    either.pass_time(seconds=LEASE.total_seconds() - 1)
    early = jobs.lease(ash, "ben")
    either.pass_time(seconds=1)
    (again,) = jobs.lease(ash, "ben")

    assert (early, again.attempt) == ([], 2)


@pytest.mark.parametrize("problem", [None, "mail.refused"])
def test_whoever_lost_the_lease_changes_nothing(either, ash, problem):
    ask(ash, "one")
    (stale,) = jobs.lease(ash, "slow")
    either.pass_time(seconds=31)
    (fresh,) = jobs.lease(ash, "ben")
    before = row_of(ash)

    told = jobs.finish(ash, stale, problem=problem)

    after = row_of(ash)
    assert told is False
    assert (after.done_at, after.owner, after.lease_until, after.last_error) == (
        before.done_at,
        "ben",
        before.lease_until,
        None,
    )
    assert jobs.finish(ash, fresh) is True


def test_even_the_same_owner_is_fenced_by_the_attempt(either, ash):
    ask(ash, "one")
    (stale,) = jobs.lease(ash, "ben")
    either.pass_time(seconds=31)
    jobs.lease(ash, "ben")

    assert jobs.finish(ash, stale) is False


def test_what_is_done_is_done_once(either, ash):
    ask(ash, "one")
    (leased,) = jobs.lease(ash, "worker")

    told = [jobs.finish(ash, leased), jobs.finish(ash, leased)]
    either.pass_time(days=1)

    assert told == [True, False]
    assert jobs.lease(ash, "worker") == []


def test_a_slow_worker_may_hold_on_until_somebody_else_has_it(either, ash):
    ask(ash, "one")
    (leased,) = jobs.lease(ash, "slow")
    either.pass_time(seconds=25)
    held = jobs.renew(ash, leased)
    either.pass_time(seconds=25)
    others = jobs.lease(ash, "ben")
    either.pass_time(seconds=10)
    (fresh,) = jobs.lease(ash, "ben")

    assert (held, others) == (True, [])
    assert jobs.renew(ash, leased) is False
    assert jobs.renew(ash, fresh) is True


def test_a_fresh_lease_is_held_without_a_write(ash):
    ask(ash, "one")
    (leased,) = jobs.lease(ash, "worker")

    with Statements(ash) as said:
        assert jobs.renew(ash, leased)

    assert said == []


def test_each_failure_waits_twice_as_long_up_to_an_hour(either, ash):
    ask(ash, "one")
    waits = []
    for _ in range(MOST_ATTEMPTS - 1):
        give_back(ash, "mail.refused")
        waits.append(row_of(ash).run_at - ash.now())
        either.pass_time(seconds=waits[-1].total_seconds())

    for attempt, wait in enumerate(waits, start=1):
        least = min(timedelta(seconds=2**attempt), LONGEST_WAIT)
        assert least <= wait <= least * 1.25


def test_after_twelve_attempts_a_job_is_parked_with_its_problem(either, ash):
    ask(ash, "one")
    ask(ash, "other", run_at=ash.now() + timedelta(days=2))
    for _ in range(MOST_ATTEMPTS):
        either.pass_time(hours=2)
        give_back(ash, "mail.refused")

    either.pass_time(days=2)

    parked = row_of(ash)
    assert parked.dead_at is not None
    assert (parked.attempts, parked.last_error) == (MOST_ATTEMPTS, "mail.refused")
    assert subjects(jobs.lease(ash, "worker")) == ["other"]


def test_asking_twice_asks_once(ash):
    ask(ash, "one", "one")
    ask(ash, "one", run_at=ash.now() + timedelta(hours=1))
    ask(ash, "one", dedupe_key="another time")

    with ash.read() as tx:
        kept = tx.scalar(select(func.count()).select_from(Job))

    assert kept == 2
    assert len(jobs.lease(ash, "worker")) == 2


def test_asking_again_does_not_undo_what_was_done(ash):
    ask(ash, "one")
    (leased,) = jobs.lease(ash, "worker")
    jobs.finish(ash, leased)

    ask(ash, "one")

    assert jobs.lease(ash, "worker") == []


def test_work_whose_cause_was_given_up_is_not_owed(ash):
    def give_up():
        with ash.begin() as tx:
            jobs.put(ash, tx, Asked(KIND, "one", ash.now()))
            raise LookupError

    with pytest.raises(LookupError):
        give_up()

    assert not jobs.waiting(ash)


def test_only_work_that_is_due_now_wakes_the_worker(ash):
    rung = []
    node = replace(ash, ring=lambda: rung.append("rung"))

    ask(node, "later", run_at=node.now() + timedelta(days=3))
    quiet = list(rung)
    ask(node, "now")

    assert (quiet, rung) == ([], ["rung"])


def test_a_job_waits_until_its_cause_stands_in_the_ledger(ash):
    with ash.begin(sealed=True) as tx:
        queued = LedgerOutbox(leaf=b"\1" * 49)
        tx.add(queued)
        tx.flush()
        jobs.put(ash, tx, Asked(KIND, "one", ash.now(), oid=queued.oid))

    before = (jobs.waiting(ash), jobs.lease(ash, "worker"), jobs.oldest_due(ash))
    log.sequence(ash)

    assert before == (False, [], timedelta())
    assert subjects(jobs.lease(ash, "worker")) == ["one"]


def test_only_the_jobs_asked_for_are_leased(ash):
    ask(ash, "one", "two")

    wanted = jobs.lease(ash, "worker", ids=[row_of(ash, "two").id])

    assert subjects(wanted) == ["two"]


def test_the_oldest_due_job_says_how_late_the_node_is(either, ash):
    ask(ash, "one")
    ask(ash, "later", run_at=ash.now() + timedelta(days=1))
    either.pass_time(minutes=7)

    assert jobs.oldest_due(ash) == timedelta(minutes=7)


def test_what_was_done_a_week_ago_is_forgotten_and_the_rest_stays(either, ash):
    ask(ash, "old")
    jobs.finish(ash, jobs.lease(ash, "worker")[0])
    either.pass_time(days=6)
    ask(ash, "young")
    jobs.finish(ash, jobs.lease(ash, "worker")[0])
    ask(ash, "owed")
    either.pass_time(days=1, seconds=1)

    jobs.forget(ash)

    with ash.read() as tx:
        assert set(tx.scalars(select(Job.subject))) == {"young", "owed"}


def test_looking_whether_anything_is_due_writes_nothing(ash):
    ask(ash, "one")

    with Statements(ash) as said:
        jobs.waiting(ash)

    assert not [one for one in said if one.startswith(("INSERT", "UPDATE", "DELETE"))]
