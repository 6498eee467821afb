"""Who outside let their day pass in a case, as its member and the desk may know."""

from itertools import pairwise

from sqlalchemy import select

from governance import delays as rules
from governance.cases import Act
from governance.delays import Delay, Inquiry
from node.cases import waiting
from node.cases.looks import Look
from node.models.bodies import Inquiry as Row


def delays(look: Look) -> tuple[Delay, ...]:
    """Return who let how many days pass; nobody where nobody outside was asked."""
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
    return rules.delays(
        [
            Inquiry(waiting.whom(hand, row), row.due_at, ended.get(row.entry_seq))
            for row in hand.tx.scalars(rows)
        ],
        at=hand.node.now(),
    )
