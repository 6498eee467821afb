"""Putting a log that ends beside the one that goes on, with all that it promised."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import delete, insert, literal, select, update
from sqlalchemy.orm import Session

from ledger.tiles import FULL
from node.core import Node
from node.log import signing, trusting
from node.log.sequencing import Head
from node.log.signing import LogKey
from node.models.jobs import Job
from node.models.log import (
    LedgerCheckpoint,
    LedgerEdge,
    LedgerEntry,
    LedgerTag,
    LedgerTile,
)
from node.models.outbox import Outgoing
from node.models.past import LedgerPast, LedgerPastEntry, LedgerPastTile
from node.models.witness import LedgerCosignature, LedgerWitness
from node.upsert import insert_rows, table


def retire(node: Node, tx: Session, head: Head, reason: str) -> None:
    """Keep the log as it is now among those that ended, and let go of it."""
    seen = trusting.witnessed(tx)
    notes = {
        size: tx.scalar(
            select(LedgerCheckpoint.note).where(LedgerCheckpoint.size == size)
        )
        for size in (head.size, seen)
    }
    row = {
        "epoch": head.epoch, "size": head.size, "root": head.root,
        "note": notes[head.size] or head.note,
        "seen_size": seen, "seen_note": notes[seen],
        "signers": signing.write(_signed(tx, signing.of(node, tx, head.signers))),
        "reason": reason, "ended_at": node.now(),
    }  # fmt: skip
    insert_rows(tx, LedgerPast, row)
    _move(tx, head)
    # What waited for an entry that has its index waits no more.
    sealed = select(LedgerEntry.oid)
    for model in (Job, Outgoing):
        waiting = update(model).where(model.oid.in_(sealed)).values(oid=None)
        tx.execute(waiting.execution_options(synchronize_session=False))
    for one in (
        LedgerEntry, LedgerTile, LedgerEdge, LedgerCheckpoint, LedgerCosignature,
        LedgerTag,
    ):  # fmt: skip
        tx.execute(delete(table(one)))
    again = {"size": 0, "next_at": node.now(), "tries": 0, "problem": ""}
    gone = {"ask_at": None, "told": None, "lease_until": None}
    tx.execute(update(LedgerWitness).values(**again, **gone))


def _signed(tx: Session, known: Sequence[LogKey]) -> Sequence[LogKey]:
    """Return the keys that signed this log: a change that waits was never made."""
    oids = [one.oid for one in known[1:]]
    there = {*tx.scalars(select(LedgerEntry.oid).where(LedgerEntry.oid.in_(oids)))}
    made = [known[0], *(one for one in known[1:] if one.oid in there)]
    if len(made) < len(known):
        made[-1] = replace(made[-1], until=None, revoked=False)
    return made


def _move(tx: Session, head: Head) -> None:
    epoch = literal(head.epoch)
    entry, tile = table(LedgerEntry).c, table(LedgerTile).c
    for into, columns in (
        (LedgerPastEntry, (entry.idx, entry.oid, entry.leaf)),
        (LedgerPastTile, (tile.level, tile.n, tile.data)),
    ):
        names_ = ["epoch", *(one.name for one in columns)]
        tx.execute(insert(table(into)).from_select(names_, select(epoch, *columns)))
    edges = tx.execute(select(LedgerEdge.level, LedgerEdge.data)).all()
    rows: list[dict[str, object]] = [
        {
            "epoch": head.epoch,
            "level": level,
            "n": head.size // FULL ** (level + 1),
            "data": data,
        }
        for level, data in edges
        if data
    ]
    insert_rows(tx, LedgerPastTile, rows)
