"""Whoever was asked to look at a copy and says nothing: reminded once, then another."""

from uuid import UUID

from sqlalchemy.orm import Session

from governance import feedback as rules
from governance.consent import Purpose
from governance.feedback import Wait
from node.cases.hand import Hand, agreed, by_rule
from node.core import Node
from node.feedback import copying, telling
from node.feedback.reaching import of
from node.models.feedback import PeerCopy, PeerFinding


def due(node: Node, finding_id: str) -> None:
    """Remind whoever looks at a copy, or ask somebody else. Safe to call twice."""
    with node.begin() as tx:
        known = tx.get(PeerFinding, UUID(finding_id))
        hand = by_rule(node, tx, known.case_id) if known is not None else None
        row = _open(tx, UUID(finding_id))
        if hand is None or row is None or not _agreed(hand):
            return
        there = copying.can_look(hand, row.reviewer_id)
        wait = rules.waits(row.asked_at, row.reminded_at, there=there, at=node.now())
        if wait is Wait.REMIND:
            row.reminded_at = node.now()
            telling.reminded(hand, row)
            copying.look_again(hand, row)
        elif wait is Wait.NEXT and not _pass_on(hand, row):
            copying.look_again(hand, row)


def _open(tx: Session, id_: UUID) -> PeerFinding | None:
    # Behind the lock of the case it may be done, or gone with what was said.
    row = tx.get(PeerFinding, id_, populate_existing=True)
    done = row is None or row.found_at is not None or row.declined_at is not None
    return None if done else row


def _agreed(hand: Hand) -> bool:
    now = hand.node.now()
    return agreed(hand.tx, hand.case.id, Purpose.HANDLE_CASE, at=now)


def _pass_on(hand: Hand, row: PeerFinding) -> bool:
    """Ask somebody else, if there is anybody; until then it stays with whom it is."""
    said, copy = of(hand.tx, hand.case.id), hand.tx.get_one(PeerCopy, row.copy_id)
    if said is None or not copying.another(hand, said, copy):
        return False
    row.declined_at = hand.node.now()
    return True
