"""Showing that an entry stands in a log of some published size."""

from ledger import proof, tiles
from node.core import Node
from node.log.reading import NotPublished, published, tile_reader
from node.models.log import LedgerCheckpoint


def prove(node: Node, index: int, *, size: int | None = None) -> bytes:
    """Return the proof file (C2SP tlog-proof) of an entry, at a published size."""
    with node.read() as tx:
        found = published(tx) if size is None else tx.get(LedgerCheckpoint, size)
        if found is None:
            raise NotPublished("No log of this size was published.")
        if not 0 <= index < found.size:
            raise NotPublished("The published log has no such entry.")
        hashes = tiles.inclusion(index, found.size, tile_reader(tx))
        return proof.write(None, index, hashes, found.note)
