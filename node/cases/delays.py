"""Whom outside a case was asked, what came of it, and who let their day pass."""

from collections.abc import Iterable
from itertools import pairwise

from sqlalchemy import select

from governance import delays as rules
from governance.cases import Act
from governance.delays import Delay, Inquiry
from node.cases import waiting
from node.cases.looks import Look
from node.cases.shapes import Inquired
from node.models.bodies import Inquiry as Row


def inquiries(look: Look) -> tuple[Inquired, ...]:
    """Return everybody outside who was asked, in that order."""
    # What happens next ends the waiting: no act leaves a case waiting as it did.
    ended = {
        first.entry_seq: following.at
        for first, following in pairwise(look.events)
        if first.act is Act.ASK_OTHER
    }
    if all(event.act is not Act.ASK_OTHER for event in look.events):
        return ()
    hand = look.hand
    rows = select(Row).where(Row.case_id == hand.case.id).order_by(Row.asked_at)
    return tuple(
        Inquired(
            whom=waiting.whom(hand, row),
            asked_at=row.asked_at,
            due_at=row.due_at,
            ended_at=ended.get(row.entry_seq),
            reading=row.reading,
        )
        for row in hand.tx.scalars(rows)
    )


def delays(look: Look, asked: Iterable[Inquired]) -> tuple[Delay, ...]:
    """Return who of them let how many days pass."""
    found = [Inquiry(one.whom, one.due_at, one.ended_at) for one in asked]
    return rules.delays(found, at=look.hand.node.now())
