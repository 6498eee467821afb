"""How a node is treated stands in the ledger, and stewards look at it again in time.

Nothing changes by itself: a node that nobody looks at stays treated as it was.
"""

from uuid import UUID

from sqlalchemy.orm import Session

from federation.policy import Mode
from ledger.author import Channel as Attested
from ledger.entry import Role
from node import governance, jobs, log, notices, officers, people, walls
from node.accounts.visitor import Visitor
from node.core import Node
from node.ids import new_id
from node.log import Saying, Ticket
from node.models.peers import Peer
from node.notices import About

JOB = "peers.review"
TREAT = "node.block"


def seal(node: Node, tx: Session, peer: Peer, before: str, *, by: Visitor) -> Ticket:
    """Write into the ledger how a node is treated now, in a chain of its own."""
    if peer.chain_id is None:
        peer.chain_id = new_id(node)
        chain = log.open_chain(node, tx, peer.chain_id)
    else:
        chain = log.chain(node, tx, peer.chain_id)
    chain.say(
        Saying(
            kind="status",
            role=Role.STEWARD,
            channel=Attested(by.channel),
            fields={
                "action": f"{TREAT} {peer.origin}",
                "from": before,
                "to": peer.mode,
                "reason": peer.reason,
            },
            facts={"method": by.kind, "person": str(by.person_id)},
        )
    )
    if peer.review_at is not None:
        due = peer.review_at.isoformat()
        promised = {"what": "review", "due": due, "outcome": "promised"}
        chain.say(Saying(kind="pledge", role=Role.NODE, fields=promised))
    return chain.write()


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
        tell_stewards(node, tx, About("peer.review", {"host": host, "link": link}))


def tell_stewards(node: Node, tx: Session, about: About) -> None:
    """Tell everybody who decides about other nodes; of a case, who may know of it."""
    for steward in _stewards(node, tx):
        if about.case_id is not None and walls.hides(tx, about.case_id, steward):
            continue
        point = people.mail_of(tx, steward)
        if point is not None:
            notices.queue(node, tx, point, about)


def _stewards(node: Node, tx: Session) -> list[UUID]:
    bylaws, now = governance.in_force(node, tx), node.now()
    return [
        who.person_id
        for who in officers.every(tx, at=now)
        if who.person_id is not None and governance.reach(bylaws, who, TREAT, at=now)
    ]
