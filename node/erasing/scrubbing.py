"""The last step of an erasure: what the engine still keeps of rows that are gone."""

from uuid import UUID

from node import jobs, search
from node.core import Node
from node.models.log import LedgerErasure


def scrub(node: Node, erasure: str) -> None:
    """Let the engines overwrite what is no row any more. Safe to repeat."""
    with node.read() as tx:
        done = tx.get(LedgerErasure, UUID(erasure))
    if done is not None:
        search.renew(node, done.case_id)
    if not node.database.scrub():
        raise jobs.Later("readers")
