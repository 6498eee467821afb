"""Logs that ended: each must still be what its last note says."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from ledger import checkpoint, tree
from ledger.errors import Invalid
from ledger.tiles import FULL
from node.core import Node
from node.log import names, past, signing
from node.log.fsck.findings import Finding
from node.models.past import LedgerPast

_BATCH = 4_096


def compare(node: Node, tx: Session) -> Iterator[Finding]:
    """Yield the logs of which something is not as it was when they ended."""
    for row in past.logs(tx):
        if not (_signed(node, row) and _whole(tx, row)):
            yield Finding("past.differs", names.origin(node, row.epoch))


def _signed(node: Node, row: LedgerPast) -> bool:
    keys = [one.vkey for one in signing.read(row.signers)]
    try:
        found = checkpoint.open(row.note, keys)
    except Invalid:
        return False
    said = found.origin, found.size, found.root
    return said == (names.origin(node, row.epoch), row.size, row.root)


def _whole(tx: Session, row: LedgerPast) -> bool:
    edge, read = tree.Edge(), past.tile_reader(tx, row.epoch)
    while leaves := past.leaves(tx, row.epoch, edge.size, _BATCH):
        edge, full = tree.append(edge, [tree.leaf_hash(leaf) for leaf in leaves])
        if any(read(level, n) != data for level, n, data in full):
            return False
    rest = [
        (level, edge.size // FULL ** (level + 1), data)
        for level, data in enumerate(edge.levels)
    ]
    if any(read(level, n) != data for level, n, data in rest if data):
        return False
    return (edge.size, tree.root(edge)) == (row.size, row.root)
