"""Asking somebody over the network: one at a time, less often while it is in vain.

The row of whoever is asked is the work that is owed. Taking it is one transaction, the
network is outside of any, and how it went is another.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import Session

from node.core import Node
from node.models.witness import LedgerWitness, Mirror, Visited, WitnessLog

Row = TypeVar("Row", LedgerWitness, Mirror, WitnessLog)

#: Longer than all that is asked at one visit may take.
_LEASE = timedelta(minutes=2)
_FIRST, _LONGEST = timedelta(seconds=5), timedelta(hours=1)
_DOUBLED = 10


@dataclass(frozen=True, slots=True)
class Visit(Generic[Row]):
    """What was known when the visit began, and until when nobody else begins one."""

    row: Row
    key: str
    until: datetime


def free(model: type[Visited], now: datetime) -> ColumnElement[bool]:
    """Return what is true of rows that nobody is visiting."""
    return or_(model.lease_until.is_(None), model.lease_until <= now)


def begin(node: Node, model: type[Row], key: str) -> Visit[Row] | None:
    """Take somebody so that nobody else asks them meanwhile; None if one does."""
    now = node.now()
    with node.begin() as tx:
        row = tx.get(model, key, with_for_update=True)
        if row is None or (row.lease_until and row.lease_until > now):
            return None
        row.lease_until = now + _LEASE
        # Whoever dies on the way was in vain, and is due again when the lease ends.
        row.tries, row.next_at = row.tries + 1, now
        tx.flush()
        return Visit(row, key, row.lease_until)


def end(
    node: Node, tx: Session, visit: Visit[Row], problem: str, again: timedelta
) -> Row | None:
    """Write down how it went, and return the row; None if the lease had run out.

    After `again` it is due once more, or sooner and then less and less often while
    there is a problem.
    """
    row = tx.get(type(visit.row), visit.key, with_for_update=True)
    if row is None or row.lease_until != visit.until:
        return None
    row.lease_until, row.problem = None, problem
    if problem:
        again = min(_FIRST * 2 ** min(row.tries - 1, _DOUBLED), _LONGEST)
    else:
        row.tries = 0
    row.next_at = node.now() + again
    return row
