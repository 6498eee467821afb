"""What was made of a message, and of what a case was made, for whoever may know."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from governance.cases import Act, State, verb
from node import people, walls
from node.accounts.visitor import Visitor
from node.cases import links, parts
from node.cases.hand import Hand, glimpse, is_own, sees
from node.cases.lists import lines
from node.core import Node
from node.models.cases import Case
from node.models.submissions import Piece


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceLine:
    """The other end of a split, seen from one case."""

    id: UUID
    reference: str
    #: Empty where the viewer sees no more than that there is one.
    title: str
    state: State | None
    at: datetime
    by_name: str
    #: Where the viewer can open it; empty where they cannot.
    path: str
    #: Whether it was put together again.
    undone: bool
    #: Whether the viewer can do that now.
    yours: bool


@dataclass(frozen=True, slots=True)
class Parts:
    """What was made of a case's words, and of whose words it was made."""

    origin: PieceLine | None = None
    pieces: tuple[PieceLine, ...] = ()


def parts_of(node: Node, reference: str, *, by: Visitor) -> Parts:
    """Return what a case was made of, and what was made of it."""
    with node.read() as tx:
        hand = glimpse(node, tx, reference, by, _sorts)
        origin, rows = parts.both(tx, hand.case.id)
        of_it = (_line(hand, row, row.case_id) for row in rows)
        whole = None if origin is None else _line(hand, origin, origin.from_id)
        return Parts(whole, tuple(line for line in of_it if line is not None))


def _sorts(hand: Hand) -> bool:
    return hand.case.state is State.RECEIVED and hand.may(verb(Act.TRIAGE))


def _line(hand: Hand, row: Piece, other_id: UUID) -> PieceLine | None:
    node, tx, by = hand.node, hand.tx, hand.by
    query = select(Case).where(Case.id == other_id, walls.known_to(by))
    case = tx.scalar(query)
    if case is None or case.state is State.ERASED:
        return None
    other = Hand(node, tx, case, by, hand.bylaws)
    reads = hand.own or sees(other) or _sorts(other)
    (line,) = lines(node, tx, [case])
    names = people.names(node, tx, {row.by_id})
    piece = other if other_id == row.case_id else hand
    return PieceLine(
        id=row.id,
        reference=case.reference,
        title=line.title if reads else "",
        state=case.state if reads else None,
        at=row.at,
        by_name=names[row.by_id],
        path=_path(hand, other, row),
        undone=row.undone_at is not None and piece.case.state is State.DISCARDED,
        yours=row.undone_at is None and not hand.own and _undoes(piece),
    )


def _undoes(piece: Hand) -> bool:
    return _sorts(piece) and piece.may(verb(Act.DISCARD))


def _path(hand: Hand, other: Hand, row: Piece) -> str:
    reference = other.case.reference
    if is_own(other.case, hand.by):
        return f"/cases/{reference}"
    if hand.own and other.case.id == row.case_id:
        # Whoever has the link of the whole has the links of its parts.
        token = links.standing(hand.node, hand.tx, row.case_id)
        return f"/c/{token}" if token else ""
    return f"/desk/cases/{reference}" if not hand.own and sees(other) else ""
