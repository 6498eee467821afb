"""The whole log, computed again from its leaves and compared with what is kept.

Streams: however long the log is, it is looked at a few thousand rows at a time, at one
moment of the database, while the node goes on.
"""

from collections.abc import Iterator

from sqlalchemy import select

from node.core import Node
from node.log.fsck import erased, past, private, public
from node.log.fsck.findings import SENTENCES, Finding
from node.models.log import LedgerHead

__all__ = ["SENTENCES", "Finding", "fsck"]


def fsck(node: Node) -> Iterator[Finding]:
    """Yield what is not as the leaves say; nothing when all is well."""
    with node.read() as tx:
        head = tx.scalars(select(LedgerHead)).one_or_none()
        if head is not None:
            yield from public.compare(node, tx, head)
            yield from past.compare(node, tx)
            yield from private.compare(node, tx)
            yield from erased.compare(tx)
