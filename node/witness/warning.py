"""Telling stewards that nobody vouches for what is published; once each time."""

from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from node import jobs, log, reviews
from node.core import Node
from node.models.log import LedgerCheckpoint
from node.models.witness import LedgerWitness
from node.notices import About

JOB = "witness.warn"
_PATIENCE = timedelta(hours=1)


def plan(node: Node, tx: Session) -> None:
    """Write down that stewards are told in an hour, if too few still cosign then."""
    last = _seen_by_most(tx)
    if _published(tx) > last:
        later = node.now() + _PATIENCE
        jobs.put(node, tx, jobs.Asked(JOB, str(last), later))


def warn(node: Node, last: str) -> None:
    """Tell stewards, unless more than half of the witnesses saw more since then."""
    size = int(last)
    untold = (
        update(LedgerWitness)
        .where(LedgerWitness.told.is_distinct_from(size))
        .values(told=size)
        .returning(LedgerWitness.vkey)
    )
    with node.begin() as tx:
        if _seen_by_most(tx) == size and tx.execute(untold).first() is not None:
            about = About(
                "ledger.unwitnessed", {"link": f"{node.settings.origin}/ledger"}
            )
            reviews.tell_stewards(node, tx, about)


def _published(tx: Session) -> int:
    return tx.scalar(select(func.max(LedgerCheckpoint.size))) or 0


def _seen_by_most(tx: Session) -> int:
    # A witness that never answered counts too, as one that saw nothing.
    return log.seen_by_most(tx, tx.scalars(select(LedgerWitness.size)).all())
