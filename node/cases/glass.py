"""A look at a case that no role opens: only to read, for a while, with a second yes.

Whoever writes, sends, saves or lists picks a case up in another way, so that what is
asked here opens nothing but the one look.
"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.access import BREAK
from governance.consent import Purpose
from governance.decide import decide
from governance.errors import NotFound
from governance.predicates import Circumstance
from node import governance, walls
from node.accounts.visitor import Visitor
from node.cases.hand import Hand, agreed, as_given_out, pick_up
from node.core import Node
from node.models.access import Glass
from node.models.cases import Case


def look_at(node: Node, tx: Session, reference: str, by: Visitor) -> Hand:
    """Find a case this visitor may read, if only as an exception; refuse all others."""
    try:
        return pick_up(node, tx, reference, by, lock=False)
    except NotFound:
        hand = unwalled(node, tx, reference, by)
        if hand is None or through(hand) is None:
            raise
        return hand


def unwalled(node: Node, tx: Session, reference: str, by: Visitor) -> Hand | None:
    """Return a case of somebody else that no wall hides from a member, unread."""
    if by.kind != "member" or by.case_id is not None:
        return None
    known = as_given_out(reference)
    case = tx.scalar(select(Case).where(Case.reference == known, walls.open_to(by)))
    if case is None:
        return None
    return Hand(node, tx, case, by, governance.in_force(node, tx))


def through(hand: Hand) -> UUID | None:
    """Return the exception under which the visitor may read the case now, if any.

    The right to it, the walls and the member's consent are asked again at each look.
    """
    at, case = hand.node.now(), hand.case
    row = hand.tx.scalars(
        select(Glass)
        .where(
            Glass.case_id == case.id,
            Glass.person_id == hand.by.person_id,
            Glass.opened_at <= at,
            Glass.ends_at > at,
        )
        .order_by(Glass.ends_at.desc())
        .limit(1)
    ).first()
    open_ = select(Case.id).where(Case.id == case.id, walls.open_to(hand.by))
    if row is None or hand.tx.scalar(open_) is None:
        return None
    second = {row.second_id} if row.second_id else set()
    now = Circumstance(at=at, confirmed_by=second)
    who = governance.subject(hand.by)
    if not decide(hand.bylaws, who, BREAK, hand.what, now).allowed:
        return None
    handled = agreed(hand.tx, case.id, Purpose.HANDLE_CASE, at=at)
    return row.id if handled else None
