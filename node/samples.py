"""Showing an auditor the rows of a month's statistics that chance picked."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.errors import NotFound
from ledger import audit, entry, tiles, tree
from ledger.encoding import b64u
from ledger.entry import Clear
from node.core import Node
from node.models.log import (
    LedgerCheckpoint,
    LedgerEntry,
    LedgerPayload,
    is_clear,
)
from node.models.witness import LedgerCosignature


@dataclass(frozen=True, slots=True)
class Sample:
    """One row, and the hashes that lead from it to the root in the month's entry."""

    number: int
    #: The exact bytes, as text: which submission, which promise, how many seconds.
    row: str
    proof: tuple[str, ...]


def samples(node: Node, month: str, *, count: int) -> list[Sample]:
    """Return the rows that the first cosigned checkpoint picks from a month."""
    with node.read() as tx:
        index, rows = _rows(tx, month)
        root = tx.scalar(
            select(LedgerCheckpoint.root)
            .join(LedgerCosignature, LedgerCosignature.size == LedgerCheckpoint.size)
            .where(LedgerCheckpoint.size > index)
            .order_by(LedgerCheckpoint.size)
            .limit(1)
        )
    if root is None:
        raise NotFound("No witness has seen these statistics yet.")
    read = _reader(rows)
    return [
        Sample(
            number,
            rows[number].decode(),
            tuple(map(b64u, tiles.inclusion(number, len(rows), read))),
        )
        for number in audit.samples(root, len(rows), count)
    ]


def _rows(tx: Session, month: str) -> tuple[int, list[bytes]]:
    found = (
        select(LedgerEntry.idx, LedgerEntry.leaf, LedgerPayload.data)
        .join(LedgerPayload, LedgerPayload.oid == LedgerEntry.oid)
        .where(is_clear(LedgerEntry.leaf.expression))
        .order_by(LedgerEntry.idx.desc())
    )
    for index, leaf, data in tx.execute(found):
        match entry.read_leaf(leaf):
            case Clear(kind="stats", body={"month": said}) if said == month:
                return index, data.splitlines()
            case _:
                continue
    raise NotFound("Nothing was counted in this month.")


def _reader(rows: list[bytes]) -> tiles.Read:
    edge, full = tree.append(tree.Edge(), map(tree.leaf_hash, rows))
    whole = {(level, n): data for level, n, data in full}
    return lambda level, n: whole.get((level, n), edge.levels[level])
