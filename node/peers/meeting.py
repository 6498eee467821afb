"""What is remembered of an origin: how it is treated, and how it is signed for."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from federation.policy import Mode
from federation.signatures import Profile
from federation.signatures.knock import Memory
from node.core import Node
from node.models.peers import Peer
from node.upsert import insert_once, table

_MINUTE = timedelta(minutes=1)
_PEER = table(Peer).c
_MODES = select(_PEER.mode).where(
    _PEER.origin.in_(bindparam("origins", expanding=True))
)
_SEEN = select(_PEER.seen_at).where(_PEER.origin == bindparam("origin"))


def modes(tx: Session, origins_: Iterable[str]) -> tuple[Mode, ...]:
    """Return how the members want these origins to be treated; most are unknown."""
    found = tx.connection().scalars(_MODES, {"origins": list(origins_)})
    return tuple(Mode(mode) for mode in found)


def meet(node: Node, tx: Session, origin: str) -> None:
    """Write down that an origin exists. Safe to call at any time."""
    row: dict[str, object] = {
        "origin": origin,
        "mode": Mode.OPEN,
        "reason": "",
        "profile": "",
        "strikes": 0,
        "first_seen_at": node.now(),
    }
    insert_once(tx, Peer, [row], "origin")


def heard(node: Node, tx: Session, origin: str) -> None:
    """Write down that an origin spoke to us, and proved it; to the minute."""
    now = node.now()
    known = tx.connection().execute(_SEEN, {"origin": origin}).first()
    if known is None:
        meet(node, tx, origin)
    # Not for each of the many things that a busy node sends.
    if known is None or known.seen_at is None or known.seen_at <= now - _MINUTE:
        tx.execute(update(Peer).where(Peer.origin == origin).values(seen_at=now))


def memory(tx: Session, origin: str, *, at: datetime) -> Memory:
    """Return what is remembered of how an origin wants to be signed for."""
    row = tx.get(Peer, origin)
    if row is None or not row.profile:
        return Memory()
    found = Memory(Profile(row.profile), row.profile_until, row.strikes)
    return found.fresh(at=at)


def remember(node: Node, tx: Session, origin: str, learned: Memory) -> None:
    """Keep what an answer taught."""
    meet(node, tx, origin)
    tx.execute(
        update(Peer)
        .where(Peer.origin == origin)
        .values(
            profile=learned.profile or "",
            profile_until=learned.until,
            strikes=learned.refusals,
        )
    )
