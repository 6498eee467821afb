"""What somebody wrote here and takes back elsewhere: it leaves the sealed entry too."""

from uuid import UUID

from sqlalchemy.orm import Session

from node import log
from node.core import Node
from node.erasing import journal
from node.erasing.performing import perform
from node.erasing.shapes import Basis, Erasure, Level, Why
from node.ids import new_id


def take_back(node: Node, tx: Session, chain_id: UUID, seq: int) -> None:
    """Erase the words of an entry whose author does not stand by them any more.

    That somebody answered, and when, stays: it was said to the member. Safe to repeat.
    """
    if seq in log.erased(tx, chain_id):
        return
    erasure = Erasure(
        id=new_id(node),
        at=node.now(),
        level=Level.CONTENT,
        chain=chain_id,
        seq=seq,
    )
    journal.append(node, erasure)
    perform(node, tx, erasure, Why(Basis.AUTHOR))
