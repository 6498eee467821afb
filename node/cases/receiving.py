"""Handing out the receipts of a case to those who may see it."""

from sqlalchemy import select

from governance.errors import NotFound
from node import log
from node.accounts.visitor import Visitor
from node.cases.hand import pick_up
from node.core import Node
from node.models.log import LedgerSeal


def receipt(node: Node, reference: str, seq: int, *, by: Visitor) -> bytes | None:
    """Return the receipt of one entry; None while it is being sealed."""
    with node.read() as tx:
        hand = pick_up(node, tx, reference, by, lock=False)
        known = select(LedgerSeal.oid).where(
            LedgerSeal.case_id == hand.case.id, LedgerSeal.seq == seq
        )
        if tx.scalar(known) is None:
            raise NotFound("There is no such receipt here.")
        return log.receipt(node, tx, hand.case.id, seq)


def receipt_head(node: Node, reference: str, *, by: Visitor) -> bytes:
    """Return the signed note that says how many entries a case has."""
    with node.read() as tx:
        hand = pick_up(node, tx, reference, by, lock=False)
        return log.head(node, tx, hand.case.id)
