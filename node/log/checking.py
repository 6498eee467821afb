"""Before anything is signed: this log must go on from what was signed before.

A log that would not is read-only. What people send is still taken in; it waits.
"""

from sqlalchemy import select

from ledger import tiles, tree
from ledger.errors import Invalid
from node.core import Node
from node.log import guard
from node.log.reading import tile_reader
from node.log.sequencing import load_edge, tail
from node.models.log import LedgerHead


def start_check(node: Node) -> str:
    """Return why the log must not be signed further, or an empty text.

    The edge must give the head's root, and the head must go on from the guard.
    """
    with node.read() as tx:
        head = tx.scalars(select(LedgerHead)).one_or_none()
        if head is None:
            return ""
        edge = load_edge(tx)
        tiles_of = tile_reader(tx)
        why = _compare(head, edge, guard.read(guard.path(node)), tiles_of)
    tail(node).read_only = why
    return why


def _compare(
    head: LedgerHead, edge: tree.Edge, mark: guard.Mark | None, read_tile: tiles.Read
) -> str:
    if edge.size != head.size or (head.size and tree.root(edge) != head.root):
        return "ledger.edge: the tree's edge does not give the head's root"
    if mark is None:
        return ""
    if mark.size > head.size:
        return "ledger.rollback: the log was signed further than this database goes"
    if mark.size in {0, head.size}:
        return "" if mark.size == 0 or mark.root == head.root else "ledger.fork"
    try:
        path = tiles.consistency(mark.size, head.size, read_tile)
        tree.verify_consistency(mark.size, head.size, mark.root, head.root, path)
    except Invalid:
        return "ledger.fork: the log is not the one that was signed before"
    return ""
