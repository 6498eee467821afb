"""Handing out the receipts of a case to those who may see it."""

from governance.access import Field
from node import log
from node.accounts.visitor import Visitor
from node.cases import reads
from node.cases.hand import pick_up
from node.core import Node
from node.log import Standing


def receipt(node: Node, reference: str, seq: int, *, by: Visitor) -> bytes | None:
    """Return the receipt of one entry; None while it is being sealed."""
    with node.read() as tx:
        hand = pick_up(node, tx, reference, by, lock=False)
        found = log.receipt(node, tx, hand.case.id, seq)
        look = reads.of_case(hand, Field.RECEIPT) if found else None
    reads.keep(node, look)
    return found


def receipt_head(node: Node, reference: str, *, by: Visitor) -> bytes:
    """Return the signed note that says how many entries a case has."""
    with node.read() as tx:
        hand = pick_up(node, tx, reference, by, lock=False)
        return log.head(node, tx, hand.case.id)


def standing(node: Node, reference: str, *, by: Visitor) -> Standing:
    """Return how a case stands in the ledger."""
    with node.read() as tx:
        hand = pick_up(node, tx, reference, by, lock=False)
        hand.key()
        return log.standing(node, tx, hand.case.id)
