"""What a limited node sends: set aside until it is treated like any other."""

from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from federation.policy import Mode
from node import jobs
from node.core import Node
from node.inbox.registry import JOB
from node.models.inbox import Received
from node.models.peers import Peer

#: How long it is kept for stewards to think better of its node.
KEPT = timedelta(days=90)
#: How much of one origin is set aside: strangers must not fill the disk with it.
MOST = 200
_ASIDE = "quarantined"


def state_of(tx: Session, origin: str) -> str:
    """Return the state in which something of a limited origin begins."""
    # Under its lock: whoever opens the origin just now must not miss this one.
    peer = tx.get(Peer, origin, with_for_update=True)
    if peer is None or peer.mode == Mode.OPEN:
        return "stored"
    return _ASIDE if set_aside(tx, origin) < MOST else "dropped"


def set_aside(tx: Session, origin: str) -> int:
    """Return how much of an origin is set aside."""
    found = select(func.count()).where(
        Received.origin == origin, Received.state == _ASIDE
    )
    return tx.scalar(found) or 0


def release(node: Node, tx: Session, origin: str) -> None:
    """Have everything of an origin looked at that was set aside, as it came."""
    found = select(Received).where(Received.origin == origin, Received.state == _ASIDE)
    rows = tx.scalars(found.order_by(Received.at, Received.id).with_for_update()).all()
    for row in rows:
        row.state = "stored"
    jobs.put(node, tx, *(jobs.Asked(JOB, row.id, node.now()) for row in rows))


def forget(node: Node) -> None:
    """Let go of what was set aside long ago. Its id and hash stay."""
    now = node.now()
    with node.begin() as tx:
        tx.execute(
            update(Received)
            .where(Received.state == _ASIDE, Received.at <= now - KEPT)
            .values(state="dropped", raw=None, done_at=now)
        )
