"""Writing down what is public: the one chain of clear leaves, without a gap.

A clear leaf says little itself. What may have to be forgotten stands beside it, under
a salt, and the leaf only commits to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger import entry, tree
from ledger.encoding import LIMIT, Json
from ledger.errors import Invalid
from node.core import Node
from node.log import names
from node.log.chains import require_epoch
from node.log.founding import CLEAR
from node.log.shapes import Ticket, milliseconds
from node.models.log import LedgerChain, LedgerHead, LedgerOutbox, LedgerPayload

_SALT = 32
#: The log that follows one that ends has a longer name, and may have to say this again.
_ROOM = 64


@dataclass(frozen=True, slots=True)
class Payload:
    """Bytes a clear leaf commits to and does not say. They can be erased."""

    data: bytes
    #: Whether everybody may have them, once the leaf is published.
    public: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One public thing to be written down."""

    kind: str
    body: Mapping[str, Json] = field(default_factory=dict)
    payload: Mapping[str, Payload] = field(default_factory=dict)
    #: Whether only the day is told, because the hour would say who it was.
    day_only: bool = False


def clear(node: Node, tx: Session, notice: Notice) -> Ticket:
    """Queue one clear leaf and keep what it commits to; return what to wait for.

    Raises `ledger.errors.Invalid` for a kind that never stands in the clear, and for
    a leaf that is too long.
    """
    chain = tx.scalars(
        select(LedgerChain).where(LedgerChain.case_id == CLEAR).with_for_update()
    ).one()
    now = node.now()
    salts = {name: node.dice(_SALT) for name in notice.payload}
    commitments = {
        name: entry.commit_payload(salts[name], one.data)
        for name, one in notice.payload.items()
    }
    leaf = entry.clear(
        entry.Clear(
            log=names.origin(node),
            seq=chain.next_seq,
            prev=chain.head,
            at=milliseconds(_day(now) if notice.day_only else now),
            kind=notice.kind,
            body=notice.body,
            payload=commitments,
        )
    )
    if len(leaf) > LIMIT - _ROOM:
        raise Invalid("json-too-long", "This is too long for a public entry.")
    queued = LedgerOutbox(leaf=leaf)
    tx.add(queued)
    tx.flush()
    require_epoch(node, tx.scalar(select(LedgerHead.epoch)))
    for name, one in notice.payload.items():
        kept = {"salt": salts[name], "data": one.data, "public": one.public}
        tx.add(LedgerPayload(commitment=commitments[name], oid=queued.oid, **kept))
    seq, digest = chain.next_seq, tree.leaf_hash(leaf)
    chain.next_seq, chain.head, chain.at = seq + 1, digest, now
    tx.info["ring"] = True
    return Ticket(queued.oid, CLEAR, seq, digest)


def _day(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
