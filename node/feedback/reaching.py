"""Who reads what was said about a case: its member, whom it is about, who leads."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance import feedback as rules
from governance.cases import Act, State
from governance.cases import verb as verb_of
from governance.consent import Purpose
from governance.errors import NotYours
from node import vault
from node.accounts.visitor import Visitor
from node.cases.hand import Hand, agreed, glimpse, pick_up
from node.cases.joined import joined
from node.core import Node
from node.database import Model
from node.models.cases import Case
from node.models.feedback import Feedback, PeerCopy, PeerFinding


class Part(TypedDict):
    """In which parts somebody reads what was said."""

    about: bool
    leads: bool


@dataclass(frozen=True, slots=True)
class Handled:
    """Whether a case is over for its member, and who had it."""

    over: bool
    by: UUID | None


def own(
    node: Node, tx: Session, reference: str, by: Visitor, *, lock: bool = True
) -> Hand:
    """Find a case for its member, who alone says how it was."""
    hand = pick_up(node, tx, reference, by, lock=lock)
    if not hand.own:
        raise NotYours("Only its member says how a case was handled.")
    return hand


def at_hand(
    node: Node, tx: Session, reference: str, by: Visitor, *, lock: bool = False
) -> tuple[Hand, Feedback | None]:
    """Find a case for whoever reads what was said of it, and that if there is any.

    Whom it is about reads that alone where the case is somebody else's by now.
    """
    hand = glimpse(node, tx, reference, by, _about_them)
    if lock:
        tx.refresh(hand.case, with_for_update=True)
        hand = glimpse(node, tx, reference, by, _about_them)
    row = of(tx, hand.case.id)
    rules.check_read(own=hand.own, **part(hand, row))
    return hand, row


def part(hand: Hand, row: Feedback | None) -> Part:
    """Say in which part somebody reads what was said."""
    if hand.own:
        return Part(about=False, leads=False)
    whose = hand.case.responsible_id if row is None else row.about_id
    about = is_theirs(hand.by, whose)
    leads = hand.may(verb_of(Act.ASSIGN)) and hand.may("case.read")
    return Part(about=about, leads=leads)


def is_theirs(by: Visitor, whose: UUID | None) -> bool:
    """Say whether somebody's work is what is spoken of; not of who left the desk."""
    return bool(by.grants) and whose is not None and by.is_person(whose)


def of(tx: Session, case_id: UUID) -> Feedback | None:
    """Return what the member of a case said, if they did."""
    return tx.scalar(select(Feedback).where(Feedback.case_id == case_id))


def copy_of(tx: Session, case_id: UUID) -> PeerCopy | None:
    """Return the copy that others look at, if there is one."""
    return tx.scalar(select(PeerCopy).where(PeerCopy.case_id == case_id))


def findings(tx: Session, case_id: UUID) -> Sequence[PeerFinding]:
    """Return who was asked to look at the copy of a case, in the order they wrote."""
    mine = select(PeerFinding).where(PeerFinding.case_id == case_id)
    return tx.scalars(mine.order_by(PeerFinding.found_at, PeerFinding.id)).all()


def is_reviewed(asked: Sequence[PeerFinding]) -> bool:
    """Say whether anybody wrote down what they found."""
    return any(one.found_at is not None for one in asked)


def is_complete(asked: Sequence[PeerFinding]) -> bool:
    """Say whether nobody who was asked still looks at it."""
    return bool(asked) and all(one.found_at or one.declined_at for one in asked)


def handled(hand: Hand) -> Handled:
    """Say who had a case: what goes on with others is handled there."""
    case, found = hand.case, joined(hand.tx, hand.case.id)
    if found is not None:
        case = hand.tx.get_one(Case, found.matter_id)
    over = hand.case.state is State.CLOSED and case.state is State.CLOSED
    return Handled(over, case.responsible_id)


def place(row_id: UUID, column: str, model: type[Model] = Feedback) -> vault.Place:
    """Return where words of what was said, or found, stand."""
    return vault.Place(model.__tablename__, column, row_id)


def _about_them(hand: Hand) -> bool:
    row, now = of(hand.tx, hand.case.id), hand.node.now()
    if row is None or not is_theirs(hand.by, row.about_id):
        return False
    return agreed(hand.tx, hand.case.id, Purpose.HANDLE_CASE, at=now)
