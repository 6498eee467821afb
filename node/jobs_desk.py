"""What the node owes and could not do, for whoever keeps it: kinds and moments only.

No line has content: a job is a kind of work and an id, and its error is a code.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from governance.errors import Denied, NotFound, WrongState
from governance.predicates import Resource
from node import governance, jobs
from node.accounts.visitor import Visitor
from node.core import Node
from node.models.jobs import Job
from node.paging import PAGE

#: No preset names a verb for this; it is what lets stewards settle what goes out.
_VERB = "agreement.negotiate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Work that was given up after many attempts."""

    id: int
    kind: str
    attempts: int
    dead_at: datetime
    #: A code, never content.
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What is still to be done of one kind of work."""

    name: str
    #: How many wait for their moment, and how many of them are due.
    waiting: int
    due: int
    #: How many are tried again after something went wrong.
    tried: int
    next_at: datetime


@dataclass(frozen=True, slots=True)
class Owed:
    """The queue as it stands."""

    #: For how long the oldest that is due has been waiting.
    oldest: timedelta
    kinds: tuple[Kind, ...]
    #: The newest first; at most a page.
    given_up: tuple[Given, ...]


def owed(node: Node, *, by: Visitor) -> Owed:
    """Return what waits, by its kind, and what was given up."""
    _require(node, by)
    now = node.now()
    with node.read() as tx:
        waiting = tx.execute(
            select(
                Job.kind,
                func.count(),
                func.count().filter(Job.run_at <= now),
                func.count().filter(Job.attempts > 0),
                func.min(Job.run_at),
            )
            .where(Job.done_at.is_(None), Job.dead_at.is_(None))
            .group_by(Job.kind)
            .order_by(Job.kind)
        ).all()
        dead = tx.scalars(
            select(Job)
            .where(Job.done_at.is_(None), Job.dead_at.is_not(None))
            .order_by(Job.dead_at.desc(), Job.id)
            .limit(PAGE)
        ).all()
    return Owed(
        jobs.oldest_due(node),
        tuple(
            Kind(name=kind, waiting=all_, due=due, tried=tried, next_at=first)
            for kind, all_, due, tried, first in waiting
        ),
        tuple(
            Given(
                id=row.id,
                kind=row.kind,
                attempts=row.attempts,
                dead_at=row.dead_at or now,
                problem=row.last_error or "",
            )
            for row in dead
        ),
    )


def again(node: Node, id_: int, *, by: Visitor) -> None:
    """Have one piece of work tried again at once, with all its attempts."""
    _require(node, by)
    with node.begin() as tx:
        row = tx.get(Job, id_, with_for_update=True)
        if row is None:
            raise NotFound("There is no such work.")
        if row.dead_at is None or row.done_at is not None:
            raise WrongState("It was not given up, or somebody has it tried already.")
        row.dead_at, row.attempts, row.run_at = None, 0, node.now()
        tx.info["ring"] = True


def _require(node: Node, by: Visitor) -> None:
    with node.read() as tx:
        bylaws = governance.in_force(node, tx)
    who, at = governance.subject(by), node.now()
    if not governance.may(bylaws, who, _VERB, Resource(), at=at):
        raise Denied("No role of yours looks after the queue.", rules=("silence",))
