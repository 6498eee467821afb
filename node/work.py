"""Doing what is owed: each kind of work, and one look at everything that is due.

The thread inside `serve`, `folkmoot worker` and Celery all call these same functions;
in any number of processes they change only speed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from governance.retention import CaseRests
from node import (
    absences,
    accepting,
    access,
    accounts,
    activities,
    actors,
    assignments,
    cases,
    data_requests,
    digests,
    ending,
    erasing,
    feedback,
    files,
    gathering,
    grants,
    inbox,
    interests,
    jobs,
    keeping,
    ladder,
    later,
    leaving,
    letting_go,
    log,
    notices,
    outbox,
    peers,
    plans,
    pledges,
    releases,
    retention,
    reviews,
    rotation,
    search,
    statistics,
    tidying,
    witness,
)
from node.accounts import links
from node.cases import confirming, reminding, sorting
from node.core import Collision, Node
from node.ids import new_id
from node.jobs import Leased
from node.ladder import claimants, growing
from node.logging import frames
from node.logging import log as logger
from node.together import marks

#: Every function here is safe to call twice.
KINDS: dict[str, Callable[[Node, str], None]] = {
    absences.BEGIN: absences.begin,
    access.TELL: access.tell,
    access.breaches.WARN: access.breaches.warn,
    actors.JOB: actors.make,
    assignments.DRAW: assignments.draw,
    cases.DANGER: ladder.call,
    cases.URGENT: ladder.call_urgent,
    cases.OFFER: assignments.offer_queued,
    cases.PURGE: erasing.purge,
    cases.UNSEEN: cases.warn,
    confirming.JOB: claimants.look,
    marks.JOB: growing.look,
    data_requests.FORGET: data_requests.forget,
    data_requests.WARN: data_requests.warn,
    erasing.JOB: erasing.scrub,
    ending.JOB: ending.forget,
    feedback.LATE: feedback.due,
    files.JOB: files.remove,
    grants.OVER: grants.over,
    inbox.JOB: inbox.handle,
    interests.JOB: interests.look,
    keeping.JOB: keeping.due,
    later.JOB: later.send,
    letting_go.JOB: letting_go.due,
    leaving.JOB: leaving.forget,
    links.JOB: accounts.send_link,
    log.EXPORT: log.export,
    gathering.JOB: digests.send,
    notices.JOB: notices.send,
    notices.ACKNOWLEDGED: accepting.acknowledged,
    peers.JOB: peers.refresh,
    ladder.STEP: ladder.climb,
    plans.JOB: plans.remind,
    pledges.DUE: ladder.look,
    pledges.WARN: ladder.warn,
    reminding.JOB: ladder.remind,
    releases.WARN: releases.warn,
    retention.JOINED: retention.joined,
    reviews.JOB: reviews.remind,
    rotation.JOB: rotation.rotate,
    sorting.JOB: sorting.sort,
    statistics.JOB: statistics.count,
    tidying.JOB: tidying.tidy,
    witness.ANCHOR: witness.anchor,
    witness.JOB: witness.warn,
}
#: What becomes of the cause of a job whose last attempt failed.
GIVEN_UP: dict[str, Callable[[Node, str, str], None]] = {
    inbox.JOB: inbox.park,
    later.JOB: later.give_up,
}
#: Importing them is what makes the inbox know them.
ACTIVITIES = activities.types()
_TOO_OLD = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Health:
    """Whether the node does what it owes."""

    database: bool
    ledger: bool
    oldest_due: timedelta

    @property
    def ready(self) -> bool:
        """Whether requests should come here."""
        return self.database and self.ledger and not self.late

    @property
    def late(self) -> bool:
        """Whether something has waited for too long."""
        return self.oldest_due >= _TOO_OLD


def sweep(
    node: Node,
    *,
    at: datetime | None = None,
    post: Callable[[str], None] | None = None,
) -> int:
    """Do everything that is due now; return how much it was.

    `post` hands what is to be done over the network to whoever does that beside this:
    the origin that something can be sent to now, or a witness's errand. Without it that
    is done here, one after the other.
    """
    now = at or node.now()
    done = log.sequence(node)
    log.publish(node, at=now)
    if jobs.waiting(node):
        done += run(node)
    for errand in [*outbox.due(node), *witness.due(node)]:
        if post is None:
            done += run_errand(node, errand)
        else:
            post(errand)
    search.refresh(node)
    node.database.tidy()
    return done


def run_errand(node: Node, name: str, *, over: Callable[[], bool] = bool) -> int:
    """Send what waits for an origin, or run a witness's errand; return how much it was.

    Safe to call at any time: who finds that somebody else is at it does nothing.
    """
    if witness.is_errand(name):
        return witness.run(node, name)
    return outbox.send(node, name, over=over)


def run(node: Node) -> int:
    """Lease what is due and do it, until nothing is left; return how many were done."""
    owner = str(new_id(node))
    done = 0
    while leased := jobs.lease(node, owner):
        for one in leased:
            # One that is slow must not make the others be done twice.
            if jobs.renew(node, one):
                do(node, one)
                done += 1
        log.sequence(node)
    return done


def do(node: Node, leased: Leased) -> bool:
    """Try one job; return whether it is done.

    Safe to call twice, from two workers, or after a crash half way: leasing was one
    transaction, the work has its own, and the outcome is a third.
    """
    problem = None
    try:
        KINDS[leased.kind](node, leased.subject)
    except jobs.Later as later:
        problem = str(later)
    except CaseRests as rests:
        jobs.rest(node, leased, rests.code)
        return False
    except Collision:
        problem = "collision"
    except Exception as error:  # noqa: BLE001 - a worker survives whatever a job does
        problem = type(error).__name__
        logger().error(
            "job.failed",
            job=leased.id,
            kind=leased.kind,
            attempt=leased.attempt,
            problem=problem,
            frames=frames(error.__traceback__),
        )
    if problem is not None and leased.attempt >= jobs.MOST_ATTEMPTS:
        GIVEN_UP.get(leased.kind, _nothing)(node, leased.subject, problem)
    jobs.finish(node, leased, problem=problem)
    return problem is None


def _nothing(_node: Node, _subject: str, _problem: str) -> None:
    pass  # The row of the job says it all.


def health(node: Node) -> Health:
    """Return how the node is doing, by what it owes and for how long."""
    try:
        oldest = max(jobs.oldest_due(node), outbox.oldest_due(node))
    except Exception as error:  # noqa: BLE001 - whatever it is, the answer is: not well
        logger().error("database.down", problem=type(error).__name__)
        return Health(database=False, ledger=False, oldest_due=timedelta())
    return Health(database=True, ledger=not log.unwell(node), oldest_due=oldest)
