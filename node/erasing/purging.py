"""What was put aside, once its time is over: it goes like anything that is erased."""

from uuid import UUID

from governance import cases as rules
from governance.cases import Act
from node import governance, holding, jobs
from node.cases import PURGE, aside
from node.cases.hand import by_rule
from node.core import Node
from node.erasing import journal
from node.erasing.performing import perform
from node.erasing.shapes import Basis, Erasure, Level, Why
from node.ids import new_id


def purge(node: Node, case_id: str) -> None:
    """Destroy a case that two people put aside, when its time is over; once."""
    with node.begin() as tx:
        hand = by_rule(node, tx, UUID(case_id))
        if hand is None or not aside.is_over(hand):
            return
        held = holding.until(tx, hand.case.id, at=node.now())
        if held is not None:
            key = f"{PURGE}/{case_id}/{held.isoformat()}"
            jobs.put(node, tx, jobs.Asked(PURGE, case_id, held, dedupe_key=key))
            return
        verb, now = rules.verb(Act.PURGE), node.now()
        governance.require(hand.bylaws, governance.SYSTEM, verb, hand.what, at=now)
        whole = Erasure(id=new_id(node), at=now, level=Level.CHAIN, chain=hand.case.id)
        journal.append(node, whole)
        perform(node, tx, whole, Why(Basis.RULE))
