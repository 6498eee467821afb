"""Work that comes once in every day or month: each time it writes down the next.

Whoever does it twice finds the next one written down, and leaves it at that.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from node import jobs
from node.core import Node
from node.jobs import Asked
from node.models.jobs import Job


def ask(node: Node, tx: Session, kind: str, period: str, after: datetime) -> None:
    """Write down that the work of a period is owed when it is over. Twice is once."""
    jobs.put(node, tx, Asked(kind, period, after))


def is_first(tx: Session, kind: str, period: str, following: str) -> bool:
    """Say whether this period's work was not done yet; nobody else does it meanwhile.

    Whoever hears yes writes down the following one in the same transaction.
    """
    own = select(Job.id).where(Job.kind == kind, Job.subject == period)
    tx.execute(own.with_for_update())
    later = select(Job.id).where(Job.kind == kind, Job.subject == following)
    return tx.execute(later.limit(1)).first() is None
