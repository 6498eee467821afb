"""Giving a case back to the queue, with a note for whoever takes over."""

from dataclasses import dataclass

from sqlalchemy import select

from governance.cases import Act
from governance.submissions import check_words
from node import log, vault
from node.accounts.visitor import Visitor
from node.cases.hand import Hand, pick_up
from node.cases.moving import Step, move
from node.core import Node
from node.log import Ticket
from node.models.assignments import Assignment


@dataclass(frozen=True, slots=True)
class Leaving:
    """Why somebody gives a case back, and what the next one has to know."""

    #: The member reads it.
    reason: str
    #: Situation, promises and next step; only the desk reads it.
    note: str


def release(node: Node, reference: str, leaving: Leaving, *, by: Visitor) -> Ticket:
    """Give a case back: it keeps its place by promise, and nobody starts anew."""
    check_words(leaving.note)
    with node.begin(sealed=True) as tx:
        hand = pick_up(node, tx, reference, by)
        chain = log.chain(node, tx, hand.case.id)
        hand_over(hand, leaving.note)
        reason, note = leaving.reason.strip(), leaving.note.strip()
        move(hand, chain, Step(act=Act.RELEASE, reason=reason, note=note))
        return chain.write()


def hand_over(hand: Hand, note: str) -> None:
    """Leave a note with the present assignment, for whoever takes over."""
    row = hand.tx.scalar(
        select(Assignment).where(
            Assignment.case_id == hand.case.id, Assignment.ended_at.is_(None)
        )
    )
    if row is not None:
        place = vault.Place("assignment", "note", row.id)
        row.note = vault.seal(hand.node, hand.key(), place, note.strip())


def notes_left(hand: Hand) -> tuple[str, ...]:
    """Return what those who had the case before left for whoever has it now."""
    rows = hand.tx.scalars(
        select(Assignment)
        .where(Assignment.case_id == hand.case.id, Assignment.note.is_not(None))
        .order_by(Assignment.offered_at)
    )
    key = hand.key()
    return tuple(
        vault.words(key, vault.Place("assignment", "note", row.id), row.note)
        for row in rows
    )
