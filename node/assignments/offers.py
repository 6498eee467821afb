"""Offering, taking, accepting and giving back a case. Nobody picks cherries.

How somebody was found is kept with the offer, in figures that name nobody.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from governance.assignments import Method
from governance.cases import Act, State
from governance.errors import Denied, NotFound, NotYours
from governance.rules import Bylaws
from node import governance, log, pledges, walls
from node.accounts.visitor import Visitor
from node.assignments import automatic
from node.assignments.offering import DECLINED, TAKE, can_take, offer
from node.cases.along import by_itself
from node.cases.hand import Hand, as_given_out, pick_up
from node.cases.lists import PAGE
from node.cases.moving import Step, move
from node.core import Node
from node.log import Chain, Ticket
from node.models.assignments import Assignment
from node.models.cases import QUEUE, WAITS, Case


def take_next(
    node: Node,
    *,
    by: Visitor,
    id: UUID | None = None,  # noqa: A002 - the form's word
) -> str | None:
    """Take the case that is next in the queue; None when nothing waits for this one.

    The same id again takes nothing more: it gives the first answer.
    """
    with node.begin(sealed=True) as tx:
        bylaws = governance.in_force(node, tx)
        within = _within(bylaws, by, at=node.now())
        if not within:
            raise Denied("To take a case is for advocates.", rules=("silence",))
        before = id and _before(tx, id, by)
        if before:
            return before
        waiting = tx.scalars(
            select(Case.id)
            .where(WAITS, or_(*within), walls.open_to(by), by_itself())
            .order_by(*QUEUE)
            .limit(PAGE)
        ).all()
        # One at a time: whoever asks at the same moment gets the one behind it.
        for case_id in waiting:
            case = tx.scalar(
                select(Case)
                .where(Case.id == case_id, Case.state == State.QUEUED)
                .with_for_update(skip_locked=True)
            )
            hand = case and Hand(node, tx, case, by, bylaws)
            if hand and hand.may(TAKE) and can_take(hand):
                _take(hand, id)
                return hand.case.reference
    return None


def _within(bylaws: Bylaws, by: Visitor, *, at: datetime) -> list[ColumnElement[bool]]:
    # What lies outside anybody's scope takes no place among what is looked at.
    return [governance.within(it) for it in governance.reach(bylaws, by, TAKE, at=at)]


def _before(tx: Session, id_: UUID, by: Visitor) -> str | None:
    return tx.scalar(
        select(Case.reference)
        .join(Assignment, Assignment.case_id == Case.id)
        .where(Assignment.id == id_, Assignment.advocate_id == by.person_id)
    )


def take(node: Node, reference: str, *, by: Visitor) -> Ticket:
    """Take one case out of the queue, by its reference."""
    with node.begin(sealed=True) as tx:
        hand = _queued(node, tx, reference, by)
        return _take(hand)


def _queued(node: Node, tx: Session, reference: str, by: Visitor) -> Hand:
    try:
        return pick_up(node, tx, reference, by)
    except NotFound:
        # Somebody who may take it may not read it before: only its headline shows.
        known = as_given_out(reference)
        query = select(Case).where(Case.reference == known, walls.open_to(by))
        case = tx.scalar(query)
        if case is None or by.case_id is not None:
            raise
        hand = Hand(node, tx, case, by, governance.in_force(node, tx))
        if hand.own or not hand.may(TAKE):
            raise
        # Behind the lock it may be somebody else's by now.
        tx.refresh(case, with_for_update=True)
        hand = Hand(node, tx, case, by, hand.bylaws)
        if case.state is not State.QUEUED or not hand.may(TAKE):
            raise
        return hand


def _take(hand: Hand, id_: UUID | None = None) -> Ticket:
    chain = log.chain(hand.node, hand.tx, hand.case.id)
    take_up(hand, chain, id_)
    return chain.write()


def take_up(hand: Hand, chain: Chain, id_: UUID | None = None) -> None:
    """Give a waiting case to whoever has it in hand."""
    if hand.by.person_id is None:
        raise NotYours("To take a case is for advocates.")
    offer(hand, chain, hand.by.person_id, Method.TAKE_NEXT, id_)
    _accept(hand, chain)


def assign(node: Node, reference: str, advocate_id: UUID, *, by: Visitor) -> Ticket:
    """Offer a case to somebody; it is theirs once they accept."""
    with node.begin(sealed=True) as tx:
        hand = pick_up(node, tx, reference, by)
        chain = log.chain(node, tx, hand.case.id)
        offer(hand, chain, advocate_id, Method.MANUAL)
        return chain.write()


def accept(node: Node, reference: str, *, by: Visitor) -> Ticket:
    """Accept a case that was offered; the member now has a name."""
    with node.begin(sealed=True) as tx:
        hand = pick_up(node, tx, reference, by)
        chain = log.chain(node, tx, hand.case.id)
        _accept(hand, chain)
        return chain.write()


def _accept(hand: Hand, chain: Chain) -> None:
    move(hand, chain, Step(act=Act.ACCEPT))
    _settle(hand, accepted_at=hand.node.now())


def decline(node: Node, reference: str, reason: str, *, by: Visitor) -> Ticket:
    """Give an offered case back to the queue, with a reason the member can read."""
    with node.begin(sealed=True) as tx:
        hand = pick_up(node, tx, reference, by)
        chain = log.chain(node, tx, hand.case.id)
        _settle(hand, ended_at=node.now(), end_reason=DECLINED)
        move(hand, chain, Step(act=Act.DECLINE, reason=reason.strip()))
        pledges.refresh(tx, hand.case)
        automatic.offer_on(hand, chain)
        return chain.write()


def _settle(hand: Hand, **values: object) -> None:
    hand.tx.execute(
        update(Assignment)
        .where(Assignment.case_id == hand.case.id, Assignment.ended_at.is_(None))
        .values(values)
    )
