"""That a case goes on with a common matter, and the end of that.

Leaving takes back what was agreed to for it, so that nothing of it is counted, named
or used from that moment on. What is the member's own was never anywhere else.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from governance.consent import Purpose, Standing
from node import consent_rows, walls
from node.cases import confirming, consents
from node.cases.hand import Hand
from node.log import Chain
from node.models.cases import Case
from node.models.consent import Consent
from node.models.together import CaseJoin


def joined(tx: Session, case_id: UUID) -> CaseJoin | None:
    """Return with which common matter a case goes on; None while it does not."""
    rows = select(CaseJoin).where(
        CaseJoin.case_id == case_id, CaseJoin.left_at.is_(None)
    )
    return tx.scalar(rows)


def number(tx: Session, matter_id: UUID) -> int:
    """Return how many cases go on with one: for the rules, and never shown."""
    there = CaseJoin.matter_id == matter_id, CaseJoin.left_at.is_(None)
    return tx.scalar(select(func.count(CaseJoin.id)).where(*there)) or 0


def agreed(hand: Hand) -> list[Consent]:
    """Return what its member agreed to for going on with others, and holds."""
    held = consents.held(hand, Purpose.JOIN_COLLECTIVE)
    # One without a recipient is for others to join this case.
    return [row for row in held if row.recipient]


def leave(hand: Hand, chain: Chain) -> None:
    """Let a case go on by itself, with everything that was agreed to for the other."""
    found = joined(hand.tx, hand.case.id)
    if hand.own:
        consents.end(hand, chain, agreed(hand))
    else:
        _lapse(hand)
    if found is not None:
        confirming.left(hand, found.matter_id)
    mark_left(hand.tx, hand.case.id, at=hand.node.now())


def _lapse(hand: Hand) -> None:
    # Nobody takes back for a member what they agreed to: it has no object any more.
    what = consent_rows.What(state=Standing.EXPIRED, at=hand.node.now())
    for row in agreed(hand):
        consent_rows.mark(hand.tx, row, what)


def mark_left(tx: Session, case_id: UUID, *, at: datetime) -> None:
    """Write down that a case goes on with no other any more."""
    tx.execute(
        update(CaseJoin)
        .where(CaseJoin.case_id == case_id, CaseJoin.left_at.is_(None))
        .values(left_at=at)
    )


def open_cases(hand: Hand) -> list[Case]:
    """Lock the cases that go on with one, as far as whoever acts may know of them."""
    # Whoever must not know of a case writes into none of its threads.
    rows = (
        select(Case)
        .join(CaseJoin, CaseJoin.case_id == Case.id)
        .where(
            CaseJoin.matter_id == hand.case.id,
            CaseJoin.left_at.is_(None),
            walls.open_to(hand.by),
        )
        .order_by(Case.id)
        .with_for_update(of=Case)
    )
    return list(hand.tx.scalars(rows))
