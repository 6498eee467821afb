"""A case in the hand of somebody who is in it besides its member."""

from sqlalchemy.orm import Session

from governance.errors import NotFound
from node import governance
from node.accounts.visitor import Visitor
from node.cases import partied
from node.cases.hand import Hand, as_given_out
from node.core import Node
from node.models.cases import Case
from node.models.parties import Party


def enter(
    node: Node, tx: Session, reference: str, by: Visitor, *, lock: bool = False
) -> tuple[Hand, Party]:
    """Find the case a party's link opens; all others are missing alike."""
    row = tx.get(Party, by.party_id) if by.party_id else None
    case = tx.get(Case, row.case_id, with_for_update=lock) if row else None
    if row is not None and lock:
        # The case first, as everybody locks it; then what is true behind the lock.
        tx.refresh(row, with_for_update=True)
    same = case is not None and case.reference == as_given_out(reference)
    if row is None or case is None or not same or not partied.is_open(node, row, case):
        raise NotFound("There is no such case here.")
    return Hand(node, tx, case, by, governance.in_force(node, tx)), row
