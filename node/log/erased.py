"""What an erasure leaves of a chain: the places of its entries, and two refusals.

The leaf stays in the log for ever. Who erased what stands beside it, so that a chain
can still be counted and followed over the gap.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, union
from sqlalchemy.orm import Session

from governance.errors import Refusal
from node.log.shapes import Ticket
from node.models.log import LedgerEntry, LedgerErasure, LedgerOutbox, LedgerSeal
from node.models.past import LedgerPastEntry

_TAG_END = 17
#: From little to much.
_MUCH = ("redact", "content", "entry")


class ChainErased(Refusal):
    """Everything here was erased with its keys, and nothing can be added any more."""

    code = "chain-erased"


class EntryErased(Refusal):
    """What was here was erased: its place in the ledger is left, nothing opens it."""

    code = "entry-erased"


@dataclass(frozen=True, slots=True)
class Stand:
    """Where one entry of a chain stands, erased or not."""

    seq: int
    oid: int
    #: None while it waits for its index.
    index: int | None
    c: bytes
    #: The epoch of the log that it stands in, if that has ended.
    ended: int | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """How much of an entry was erased, and when."""

    #: `redact`, `content` or `entry`.
    level: str
    at: datetime


def stands(tx: Session, chain_id: UUID, seq: int | None = None) -> list[Stand]:
    """Return where the entries of a chain stand, in order, or one of them.

    Of a chain that was erased as a whole nobody knows that any more.
    """
    kept = select(LedgerSeal.seq, LedgerSeal.oid).where(LedgerSeal.case_id == chain_id)
    gone = select(LedgerErasure.seq, LedgerErasure.oid).where(
        LedgerErasure.case_id == chain_id, LedgerErasure.oid.is_not(None)
    )
    known = union(kept, gone).subquery()
    leaf = func.coalesce(LedgerEntry.leaf, LedgerPastEntry.leaf, LedgerOutbox.leaf)
    index = func.coalesce(LedgerEntry.idx, LedgerPastEntry.idx)
    rows: Iterable[tuple[int, int, int | None, bytes, int | None]] = tx.execute(
        select(known.c.seq, known.c.oid, index, leaf, LedgerPastEntry.epoch)
        .outerjoin(LedgerEntry, LedgerEntry.oid == known.c.oid)
        .outerjoin(LedgerPastEntry, LedgerPastEntry.oid == known.c.oid)
        .outerjoin(LedgerOutbox, LedgerOutbox.oid == known.c.oid)
        .where(leaf.is_not(None), *([] if seq is None else [known.c.seq == seq]))
        .order_by(known.c.seq)
    )
    return [
        Stand(at, oid, where, found[_TAG_END:], ended)
        for at, oid, where, found, ended in rows
    ]


def erased(tx: Session, chain_id: UUID) -> dict[int, Gone]:
    """Return the numbers of the entries of which something was erased, and how much."""
    rows: Iterable[tuple[int, str, datetime]] = tx.execute(
        select(LedgerErasure.seq, LedgerErasure.level, LedgerErasure.at).where(
            LedgerErasure.case_id == chain_id, LedgerErasure.seq.is_not(None)
        )
    )
    known = [(seq, Gone(level, at)) for seq, level, at in rows]
    return dict(sorted(known, key=lambda one: _MUCH.index(one[1].level)))


def without_entries(
    tx: Session, chains: Collection[UUID]
) -> set[tuple[UUID, int | None]]:
    """Return which entries of some chains were erased; None for all of a chain."""
    rows = select(LedgerErasure.case_id, LedgerErasure.seq).where(
        LedgerErasure.case_id.in_(chains), LedgerErasure.level.in_(["entry", "chain"])
    )
    return {(id_, seq) for id_, seq in tx.execute(rows)}


def ticket(tx: Session, chain_id: UUID, seq: int) -> Ticket:
    """Return what to wait for, of an entry that was written before."""
    for one in stands(tx, chain_id, seq):
        return Ticket(one.oid, chain_id, seq, one.c)
    raise ChainErased("This was erased, with everything that belongs to it.")
