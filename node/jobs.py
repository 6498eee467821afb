"""The queue: work owed is a row written by the transaction that caused it.

A lease is taken in one transaction, the work has its own, the outcome is a third.
Attempts are the fencing token: whoever's lease ran out changes nothing any more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, delete, func, or_, select, update
from sqlalchemy.orm import Session

from node.core import Node
from node.models.jobs import Job
from node.models.log import LedgerEntry
from node.upsert import insert_once, table

LEASE = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
MOST_ATTEMPTS = 12
BATCH = 20
_KEPT = timedelta(days=7)
_LOOK = timedelta(days=1)
_JOB = table(Job).c
_HELD = (
    update(table(Job))
    .where(
        _JOB.id == bindparam("job"),
        _JOB.owner == bindparam("by"),
        _JOB.attempts == bindparam("attempt"),
        _JOB.lease_until.is_not(None),
    )
    .returning(_JOB.id)
)


class Later(Exception):  # noqa: N818 - not a fault: the row says when
    """The other side could not take it now; the text is a code, never content."""


@dataclass(frozen=True, slots=True)
class Leased:
    """A job this worker may do until its lease ends."""

    id: int
    kind: str
    subject: str
    attempt: int
    owner: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """Work to be done: what, about which id, not before when."""

    kind: str
    subject: str
    run_at: datetime
    #: The ledger entry that must be durable first; None when there is none.
    oid: int | None = None
    #: Tells one piece of work from another; empty means kind and subject do.
    dedupe_key: str = ""


def put(node: Node, tx: Session, *asked: Asked) -> None:
    """Write work down beside its cause. Asking for the same twice asks once."""
    rows: list[dict[str, object]] = [
        {
            "kind": one.kind,
            "subject": one.subject,
            "dedupe_key": one.dedupe_key or f"{one.kind}/{one.subject}",
            "run_at": one.run_at,
            "attempts": 0,
            "oid": one.oid,
        }
        for one in asked
    ]
    insert_once(tx, Job, rows, "dedupe_key")
    # Who has nothing due to do is not woken: it would only stand in the way.
    now = node.now()
    if any(one.run_at <= now for one in asked):
        tx.info["ring"] = True


def lease(node: Node, owner: str, *, ids: Iterable[int] = ()) -> list[Leased]:
    """Take what is due so that nobody else does it meanwhile."""
    now = node.now()
    until = now + LEASE
    with node.begin() as tx:
        # Two statements: PostgreSQL may run a subquery that locks more than once.
        due = tx.execute(
            select(Job.id, Job.kind, Job.subject, Job.attempts)
            .where(*_free(now), *([Job.id.in_(list(ids))] if ids else []))
            .order_by(Job.run_at, Job.id)
            .limit(BATCH)
            .with_for_update(of=Job, skip_locked=True)
        ).all()
        if due:
            tx.execute(
                update(Job)
                .where(Job.id.in_([row.id for row in due]))
                .values(lease_until=until, owner=owner, attempts=Job.attempts + 1)
                .execution_options(synchronize_session=False)
            )
    return [
        Leased(row.id, row.kind, row.subject, row.attempts + 1, owner, until)
        for row in due
    ]


def waiting(node: Node) -> bool:
    """Say whether anything is due. Only looks, so that idling costs no write."""
    with node.read() as tx:
        return (
            tx.execute(select(Job.id).where(*_free(node.now())).limit(1)).first()
            is not None
        )


def oldest_due(node: Node) -> timedelta:
    """Return for how long the oldest due job has been waiting."""
    now = node.now()
    with node.read() as tx:
        first = tx.scalar(select(func.min(Job.run_at)).where(*_free(now)))
    return timedelta() if first is None else now - first


def _free(now: datetime) -> tuple[ColumnElement[bool], ...]:
    # A job whose cause was committed cheaply may be lost with it in a power cut, so
    # nobody acts on it before the ledger entry it belongs to is in the log.
    sequenced = select(LedgerEntry.oid).where(LedgerEntry.oid == Job.oid).exists()
    return (
        Job.done_at.is_(None),
        Job.dead_at.is_(None),
        Job.run_at <= now,
        or_(Job.lease_until.is_(None), Job.lease_until <= now),
        or_(Job.oid.is_(None), sequenced),
    )


def renew(node: Node, leased: Leased) -> bool:
    """Hold on to a job that had to wait for others before it; False once it is lost.

    Writes nothing while most of the lease is left.
    """
    now = node.now()
    if leased.until - now > LEASE * 2 / 3:
        return True
    return _settle(node, leased, lease_until=now + LEASE)


def finish(node: Node, leased: Leased, *, problem: str | None = None) -> bool:
    """Write down how it went; False when the lease had run out and nothing changed."""
    now = node.now()
    if problem is None:
        return _settle(node, leased, done_at=now, lease_until=None, last_error=None)
    if leased.attempt >= MOST_ATTEMPTS:
        return _settle(node, leased, dead_at=now, lease_until=None, last_error=problem)
    wait = min(timedelta(seconds=2**leased.attempt), LONGEST_WAIT)
    jitter = 1 + int.from_bytes(node.dice(1)) / 1024
    again = now + wait * jitter
    return _settle(node, leased, run_at=again, lease_until=None, last_error=problem)


def rest(node: Node, leased: Leased, problem: str) -> bool:
    """Put a job away that is not due before something happens, and is no fault.

    Whoever makes that happen wakes it; a look each day costs little.
    """
    again = node.now() + _LOOK
    return _settle(
        node, leased, run_at=again, attempts=0, lease_until=None, last_error=problem
    )


def wake(node: Node, tx: Session, problem: str) -> None:
    """Make due at once what was put away for this reason."""
    tx.execute(
        update(Job)
        .where(Job.last_error == problem, Job.done_at.is_(None))
        .values(dead_at=None, attempts=0, run_at=node.now())
    )
    tx.info["ring"] = True


def hasten(node: Node, tx: Session, kind: str, subjects: Iterable[UUID]) -> None:
    """Make due at once what waits for its day, where nobody is at it."""
    named = Job.subject.in_([str(one) for one in subjects])
    free = (Job.done_at.is_(None), Job.lease_until.is_(None), Job.run_at > node.now())
    tx.execute(
        update(Job).where(Job.kind == kind, named, *free).values(run_at=node.now())
    )
    tx.info["ring"] = True


def _settle(node: Node, leased: Leased, **values: object) -> bool:
    held = {"job": leased.id, "by": leased.owner, "attempt": leased.attempt}
    # A power cut that forgets it has the job done again, as any crash before it would.
    with node.begin(durable=False) as tx:
        done = tx.connection().execute(_HELD.values(values), held)
        return done.first() is not None


def forget(node: Node) -> None:
    """Let go of what was done a week ago and longer."""
    with node.begin() as tx:
        tx.execute(delete(Job).where(Job.done_at < node.now() - _KEPT))
