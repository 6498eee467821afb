"""Looking again at how a node is treated: stewards are told on the day it is due.

Nothing changes by itself: a node that nobody looks at stays treated as it was.
"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from federation.policy import Mode
from node import governance, jobs, notices, people
from node.accounts.visitor import Visitor, grants_of, roles_of
from node.core import Node
from node.models.accounts import GrantRow
from node.models.peers import Peer
from node.notices import About

JOB = "peers.review"
TREAT = "node.block"


def plan(node: Node, tx: Session, peer: Peer) -> None:
    """Write down that somebody looks again, on the day that was decided."""
    if peer.review_at is not None:
        subject, when = peer.origin, peer.review_at
        key = f"{JOB}/{subject}/{when.isoformat()}"
        jobs.put(node, tx, jobs.Asked(JOB, subject, when, None, key))


def remind(node: Node, origin: str) -> None:
    """Tell everybody who decides about other nodes that one is due; once."""
    now = node.now()
    with node.begin() as tx:
        peer = tx.get(Peer, origin, with_for_update=True)
        if peer is None or peer.mode == Mode.OPEN or peer.reminded_at is not None:
            return
        if peer.review_at is None or peer.review_at > now:
            return  # somebody looked meanwhile, and chose another day
        peer.reminded_at = now
        host = origin.partition("//")[2]
        link = f"{node.settings.origin}/admin/peers/{host}"
        for steward in _stewards(node, tx):
            point = people.mail_of(tx, steward)
            if point is not None:
                about = About("peer.review", {"host": host, "link": link})
                notices.queue(node, tx, point, about)


def _stewards(node: Node, tx: Session) -> list[UUID]:
    bylaws, now = governance.in_force(node, tx), node.now()
    holding = select(GrantRow.person_id).where(
        GrantRow.from_at <= now, GrantRow.expires_at > now
    )
    found = []
    for person in tx.scalars(holding.distinct().order_by(GrantRow.person_id)).all():
        grants = grants_of(tx, person, at=now)
        who = Visitor(
            kind="member", person_id=person, roles=roles_of(grants), grants=grants
        )
        if governance.reach(bylaws, who, TREAT, at=now):
            found.append(person)
    return found
