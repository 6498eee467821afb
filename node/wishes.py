"""Somebody else: the member asks once and gets it, and then asks a coordinator.

No reason is asked for, so whoever had the case cannot read one. Whoever was not wanted
is offered the case no more; every promise stays as it was made.
"""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance.errors import NotYours, WrongState
from node import log, notices, people
from node.accounts.visitor import Visitor
from node.assignments.automatic import offer_on
from node.cases.hand import Hand, pick_up
from node.cases.releasing import Leaving, can_take_back, take_back
from node.core import Node
from node.ladder import telling
from node.models.assignments import Assignment
from node.notices import About

#: So often a member gets somebody else without asking anybody (casework, 6).
FREE = 1
_ENDED = "member_asked"


#: Marks a text for the catalogues; it is translated for whoever reads it.
def _(text: str) -> str:
    return text


_LEAVING = Leaving(
    reason=_("The member asked for somebody else."),
    note=_("The member asked for somebody else, and need not say why."),
)


class Chance(StrEnum):
    """What asking for somebody else leads to now."""

    #: The case goes to somebody else at once.
    NOW = "now"
    #: A coordinator is told.
    ASK = "ask"
    #: A coordinator was told, and has not done it yet.
    ASKED = "asked"


def chance(node: Node, reference: str, *, by: Visitor) -> Chance | None:
    """Return what asking would lead to; None for whoever cannot ask now."""
    with node.read() as tx:
        hand = pick_up(node, tx, reference, by, lock=False)
        return _chance(hand) if hand.own and can_take_back(hand.case) else None


def waits(node: Node, reference: str, *, by: Visitor) -> bool:
    """Say whether a case's member waits for whoever looks to find somebody else.

    Never to whoever has the case.
    """
    with node.read() as tx:
        hand = pick_up(node, tx, reference, by, lock=False)
        case = hand.case
        if not can_take_back(case) or case.responsible_id == by.person_id:
            return False
        return hand.may("case.assign") and _chance(hand) is Chance.ASKED


def somebody_else(node: Node, reference: str, *, by: Visitor) -> Chance:
    """Give a case to somebody else, as its member wishes; or tell a coordinator."""
    with node.begin(sealed=True) as tx:
        hand = pick_up(node, tx, reference, by)
        if not hand.own:
            raise NotYours("Only the member asks for somebody else.")
        if not can_take_back(hand.case):
            raise WrongState("Nobody works on your case at the moment.")
        found, row = _chance(hand), _present(tx, hand.case.id)
        if found is Chance.ASKED:
            raise WrongState("You asked already. A coordinator sees to it.")
        row.unwanted_at = node.now()
        tx.flush()
        if found is Chance.ASK:
            _tell(hand)
        else:
            chain = log.chain(node, tx, hand.case.id)
            take_back(hand, chain, _LEAVING, _ENDED)
            offer_on(hand, chain)
            chain.write()
        return found


def _chance(hand: Hand) -> Chance:
    tx, case_id = hand.tx, hand.case.id
    if _present(tx, case_id).unwanted_at is not None:
        return Chance.ASKED
    before = select(func.count()).where(
        Assignment.case_id == case_id, Assignment.end_reason == _ENDED
    )
    return Chance.NOW if (tx.scalar(before) or 0) < FREE else Chance.ASK


def _present(tx: Session, case_id: UUID) -> Assignment:
    rows = select(Assignment).where(
        Assignment.case_id == case_id, Assignment.ended_at.is_(None)
    )
    return tx.scalars(rows).one()


def _tell(hand: Hand) -> None:
    node, reference = hand.node, hand.case.reference
    link = f"{node.settings.origin}/desk/cases/{reference}"
    about = About("case.unwanted", {"reference": reference, "link": link}, hand.case.id)
    for person in telling.leads(hand):
        point = people.mail_of(hand.tx, person)
        if point is not None and person != hand.case.responsible_id:
            notices.queue(node, hand.tx, point, about)
