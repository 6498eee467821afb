"""Governance's events as the log has them, told again from what is kept beside it."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import FromClause, func, select
from sqlalchemy.orm import Session

from ledger import entry
from ledger.entry import Event
from node import vault
from node.core import Node
from node.log import past
from node.log.chains import disclosure_place
from node.models.log import (
    LedgerDisclosure,
    LedgerEntry,
    LedgerPayload,
    LedgerSeal,
    is_clear,
)
from node.models.past import LedgerPastEntry

_BATCH = {"yield_per": 256}
#: An event is the one field of its entry.
_SEALED = select(
    LedgerSeal.oid,
    LedgerSeal.case_id,
    LedgerSeal.seq,
    LedgerSeal.entry,
    LedgerSeal.stmt,
    LedgerDisclosure.n,
    LedgerDisclosure.disclosure,
).outerjoin(
    LedgerDisclosure,
    (LedgerDisclosure.oid == LedgerSeal.oid) & (LedgerDisclosure.n == 0),
)


@dataclass(frozen=True, slots=True)
class Told:
    """One event as the log has it."""

    #: Where its entry stands in its log; None while that is queued.
    index: int | None
    #: The kind of its entry; of a sealed one, of the event too.
    kind: str
    #: None where it was erased, or is not what the log commits to.
    event: Event | None
    #: The number of a sealed one in its chain.
    seq: int | None = None


def events(node: Node, tx: Session) -> Iterator[Told]:
    """Yield every event in the log, in its order; before it those in logs that ended.

    Of a chain that was erased nothing tells any more that there were events on it.
    """
    ended = [row.epoch for row in reversed(past.logs(tx))]
    for epoch in [*ended, None]:
        yield from _in(node, tx, past.entries(epoch))


def of_chain(node: Node, tx: Session, chain_id: UUID) -> list[Told]:
    """Return the events on one chain, those that are queued too."""
    index = func.coalesce(LedgerEntry.idx, LedgerPastEntry.idx).label("idx")
    rows = tx.execute(
        _SEALED.add_columns(index)
        .outerjoin(LedgerEntry, LedgerEntry.oid == LedgerSeal.oid)
        .outerjoin(LedgerPastEntry, LedgerPastEntry.oid == LedgerSeal.oid)
        .where(LedgerSeal.case_id == chain_id)
        .order_by(LedgerSeal.seq)
    )
    return list(_sealed(node, tx, rows))


def _in(node: Node, tx: Session, entries: FromClause) -> Iterator[Told]:
    """Yield the events in one log."""
    at = entries.c
    clear = (
        select(at.idx, at.leaf, LedgerPayload.salt, LedgerPayload.data)
        .outerjoin(LedgerPayload, LedgerPayload.oid == at.oid)
        .where(is_clear(at.leaf))
        .order_by(at.idx)
    )
    sealed = (
        _SEALED.add_columns(at.idx)
        .join(entries, at.oid == LedgerSeal.oid)
        .order_by(at.idx)
    )
    return heapq.merge(
        _clear(tx.execute(clear, execution_options=_BATCH)),
        _sealed(node, tx, tx.execute(sealed, execution_options=_BATCH)),
        key=_place,
    )


def _place(told: Told) -> int:
    return told.index or 0


def _clear(rows: Any) -> Iterator[Told]:
    for row in rows:
        leaf = entry.read_leaf(row.leaf)
        if isinstance(leaf, entry.Clear) and entry.EVENT in leaf.payload:
            stated = leaf.payload[entry.EVENT]
            kept = row.data and entry.commit_payload(row.salt, row.data) == stated
            event = entry.read_event(row.data) if kept else None
            yield Told(row.idx, leaf.kind, event)


def _sealed(node: Node, tx: Session, rows: Any) -> Iterator[Told]:
    keys: dict[UUID, bytes | None] = {}
    for row in rows:
        kind = entry.read_entry(row.entry).kind
        if entry.KINDS[kind].fields != (entry.EVENT,):
            continue
        if row.case_id not in keys:
            keys[row.case_id] = _key(node, tx, row.case_id)
        yield Told(row.idx, kind, _opened(keys[row.case_id], row), row.seq)


def _key(node: Node, tx: Session, chain_id: UUID) -> bytes | None:
    try:
        return vault.key_of(node, tx, "case", chain_id)
    except vault.Damaged:
        return None  # one chain that does not open must not hide all others


def _opened(key: bytes | None, row: Any) -> Event | None:
    if key is None or row.disclosure is None:
        return None
    try:
        shown = vault.unseal(key, disclosure_place(row.oid, row.n), row.disclosure)
    except vault.Damaged:
        return None
    if entry.digest(shown) not in entry.read_statement(row.stmt).fields:
        return None
    return entry.as_event(entry.read_disclosure(shown).value)
