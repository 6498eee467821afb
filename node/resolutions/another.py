"""Somebody else takes on what was appealed, or came back for the third time."""

from sqlalchemy import select

from governance.cases import Act
from governance.resolutions import goes_to_another
from node.assignments.automatic import offer_on
from node.cases.hand import Hand
from node.cases.releasing import Leaving, can_take_back, take_back
from node.log import Chain
from node.models.assignments import Assignment

_ENDED = "came_back"


#: Marks a text for the catalogues; it is translated for whoever reads it.
def _(text: str) -> str:
    return text


_LEAVING = Leaving(
    reason=_("This came back for the third time: somebody else takes it on."),
    note=_("The rules took this case back: it came back for the third time."),
)


def another(hand: Hand, chain: Chain, act: Act) -> None:
    """Let nobody who had a case take it on again, where an act asks for another.

    Who has it loses it, and it is offered to the next; every promise stays.
    """
    case, tx = hand.case, hand.tx
    if not goes_to_another(act, case.reopened):
        return
    had = select(Assignment).where(
        Assignment.case_id == case.id, Assignment.accepted_at.is_not(None)
    )
    for row in tx.scalars(had):
        row.unwanted_at = row.unwanted_at or hand.node.now()
    tx.flush()
    if can_take_back(case):
        take_back(hand, chain, _LEAVING, _ENDED)
        offer_on(hand, chain)
