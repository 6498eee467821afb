"""Doing again what the journal says: after a restore, or a crash half way.

Nothing is served before. What the database cannot have yet, because it is older than
that, is left for the next time.
"""

from sqlalchemy import select

from node.core import Node
from node.erasing import journal
from node.erasing.performing import perform
from node.erasing.shapes import Basis, Erasure, Why
from node.logging import log as logger
from node.models.log import LedgerErasure


def replay(node: Node) -> int:
    """Erase whatever the journal says and the database still has; return how much.

    Safe to call at any time, from any number of processes. Raises `JournalDamaged` if
    the journal cannot be read.
    """
    done = sum(_again(node, one) for one in missing(node))
    if done:
        logger().warning("erasing.replayed", n=done)
    return done


def missing(node: Node) -> list[Erasure]:
    """Return what the journal says and the database does not know of."""
    said = journal.read(node)
    if not said:
        return []
    with node.read() as tx:
        known = set(tx.scalars(select(LedgerErasure.id)))
    return [one for one in said if one.id not in known]


def _again(node: Node, erasure: Erasure) -> bool:
    with node.begin() as tx:
        return perform(node, tx, erasure, Why(Basis.AGAIN)).gone
