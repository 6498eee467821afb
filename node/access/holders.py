"""Who else holds a right over a case: to be asked, or told."""

from uuid import UUID

from sqlalchemy import select

from node import governance
from node.cases.glass import unwalled
from node.cases.hand import Hand, as_person
from node.models.accounts import GrantRow


def others(hand: Hand, verb: str) -> list[UUID]:
    """Return who else could do this to the case, if another agreed to it."""
    at = hand.node.now()
    holding = select(GrantRow.person_id).where(
        GrantRow.from_at <= at, GrantRow.expires_at > at
    )
    rows = hand.tx.scalars(holding.distinct().order_by(GrantRow.person_id)).all()
    return [
        person
        for person in rows
        if person != hand.by.person_id and _may(as_person(hand, person), verb)
    ]


def _may(hand: Hand, verb: str) -> bool:
    if unwalled(hand.node, hand.tx, hand.case.reference, hand.by) is None:
        return False
    who, at = governance.subject(hand.by), hand.node.now()
    return governance.may_with_another(hand.bylaws, who, verb, hand.what, at=at)
