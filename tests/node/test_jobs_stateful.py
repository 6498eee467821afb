from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
)
from sqlalchemy import select

from node import jobs
from node.jobs import LEASE, MOST_ATTEMPTS, Asked
from node.models.jobs import Job
from tests.support.village import Village

SUBJECTS = st.sampled_from(["one", "two", "three"])
WORKERS = st.sampled_from(["ada", "ben"])


class QueueLife(RuleBasedStateMachine):
    """Workers that stop at any moment, come back too late, and do things twice."""

    held = Bundle("held")

    @initialize()
    def open(self):
        self.home = TemporaryDirectory()
        self.village = Village(Path(self.home.name))
        self.ash = self.village.build("https://ash.example")
        # The model: whose each job is and until when, and how often it was settled.
        self.owners = {}
        self.asked = set()
        self.done = []
        self.attempts = {}

    @rule(subject=SUBJECTS)
    def somebody_asks(self, subject):
        with self.ash.begin() as tx:
            jobs.put(self.ash, tx, Asked("errand", subject, self.ash.now()))
        self.asked.add(subject)

    @rule(target=held, worker=WORKERS)
    def a_worker_takes_what_is_due(self, worker):
        taken = jobs.lease(self.ash, worker)
        for one in taken:
            _, until = self.owners.get(one.subject, (None, self.ash.now()))
            assert until <= self.ash.now()
            assert one.subject not in self.done
            assert one.attempt == self.attempts.get(one.subject, 0) + 1
            self.attempts[one.subject] = one.attempt
            self.owners[one.subject] = (one, self.ash.now() + LEASE)
        return multiple(*taken)

    @rule(leased=held, problem=st.sampled_from([None, "mail.refused"]))
    def a_worker_says_how_it_went(self, leased, problem):
        mine = self.owners.get(leased.subject, (None, None))[0] == leased

        told = jobs.finish(self.ash, leased, problem=problem)

        assert told is mine
        if mine:
            del self.owners[leased.subject]
            self.done += [leased.subject] if problem is None else []

    @rule(leased=held)
    def a_worker_holds_on(self, leased):
        owner, until = self.owners.get(leased.subject, (None, None))

        held = jobs.renew(self.ash, leased)

        if leased.until - self.ash.now() <= LEASE * 2 / 3:
            assert held is (owner == leased)
            if held:
                self.owners[leased.subject] = (owner, self.ash.now() + LEASE)
        elif owner == leased:
            assert held
            assert until > self.ash.now()

    @rule(seconds=st.sampled_from([1, 12, 29, 30, 31, 4000]))
    def time_goes_by(self, seconds):
        self.village.pass_time(seconds=seconds)

    @invariant()
    def nothing_is_lost_and_nothing_is_done_twice(self):
        if not hasattr(self, "ash"):
            return
        with self.ash.read() as tx:
            rows = {row.subject: row for row in tx.scalars(select(Job))}
        assert rows.keys() == self.asked
        assert len(set(self.done)) == len(self.done)
        for subject, row in rows.items():
            assert row.attempts == self.attempts.get(subject, 0)
            assert (row.done_at is not None) is (subject in self.done)
            assert row.dead_at is None or row.attempts >= MOST_ATTEMPTS

    def teardown(self):
        self.village.close()
        self.home.cleanup()


TestQueueLife = QueueLife.TestCase
TestQueueLife.settings = settings(
    max_examples=30, stateful_step_count=25, deadline=None
)
