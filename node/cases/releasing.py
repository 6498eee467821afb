"""Giving a case back to the queue, with a note for whoever takes over."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select, update

from governance.cases import Act, Part, State
from governance.submissions import check_words
from node import language, log, pledges, vault
from node.accounts.visitor import Visitor
from node.cases.hand import Hand, pick_up
from node.cases.moving import Step, move
from node.core import Node
from node.log import Chain, Ticket
from node.models.assignments import Assignment
from node.models.cases import Case

#: How a case leaves somebody's hands by rule, from where it stands.
_LEAVES: Mapping[State, tuple[Act, ...]] = {
    State.ASSIGNED: (Act.EXPIRE,),
    State.WORKING: (Act.RELEASE,),
    State.WAITING_MEMBER: (Act.RESUME, Act.RELEASE),
    State.WAITING_OTHER: (Act.FOLLOW_UP_DUE, Act.RELEASE),
}


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


def take_back(hand: Hand, chain: Chain, leaving: Leaving, ended: str = "") -> bool:
    """Take a case by rule from whoever has it; say if it was so.

    What is said to be done stays so: a dispute takes it back. `ended` is why their
    part in it ended, where that is more than the move.
    """
    acts = _LEAVES.get(hand.case.state, ())
    spoken = language.spoken(hand.case.language)
    reason, note = spoken.gettext(leaving.reason), spoken.gettext(leaving.note)
    if acts:
        hand_over(hand, note)
    if acts and ended:
        _end(hand, ended)
    for act in acts:
        last = act is Act.RELEASE
        step = Step(act=act, part=Part.RULE, reason=reason, note=note if last else "")
        move(hand, chain, step)
    pledges.refresh(hand.tx, hand.case)
    return bool(acts)


def can_take_back(case: Case) -> bool:
    """Say whether somebody has a case from whom a rule could take it."""
    return case.responsible_id is not None and case.state in _LEAVES


def _end(hand: Hand, why: str) -> None:
    hand.tx.execute(
        update(Assignment)
        .where(Assignment.case_id == hand.case.id, Assignment.ended_at.is_(None))
        .values(ended_at=hand.node.now(), end_reason=why)
    )


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
