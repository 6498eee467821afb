"""Which cases were made of a part of another one's words, and of which one."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from governance.cases import State
from node import walls
from node.accounts.visitor import Visitor
from node.cases.hand import Hand
from node.core import once
from node.models.cases import Case
from node.models.submissions import Piece

_GONE = (State.DISCARDED, State.ERASED)


@dataclass(frozen=True, slots=True)
class Said:
    """That a part of a case was made a case of its own, or put back."""

    seq: int
    at: datetime
    actor: UUID | None
    kind: Literal["split", "unsplit"]
    #: The reference of the other one.
    other: str


def said(hand: Hand) -> tuple[list[Said], str]:
    """Return how a case was split, and of which one it is a part itself.

    Only as far as the viewer may know of the others; the second is empty where it is
    part of none.
    """
    id_, found = hand.case.id, []
    rows = _either(hand.tx, id_)
    others = _known(hand, {one for it in rows for one in (it.from_id, it.case_id)})
    for row in rows:
        other = others.get(row.case_id, "")
        if row.from_id != id_ or not other:
            continue
        found.append(Said(row.entry_seq, row.at, row.by_id, "split", other))
        if row.undone_at is not None and row.undone_seq is not None:
            back = (row.undone_seq, row.undone_at, row.undone_by)
            found.append(Said(*back, "unsplit", other))
    whole = next((row.from_id for row in rows if row.case_id == id_), None)
    return found, others.get(whole, "") if whole else ""


def _known(hand: Hand, ids: AbstractSet[UUID]) -> dict[UUID, str]:
    if not ids:
        return {}
    named = select(Case.id, Case.reference).where(Case.id.in_(ids))
    rows = hand.tx.execute(named.where(walls.known_to(hand.by)))
    return {row.id: row.reference for row in rows}


def known(tx: Session, case_id: UUID, by: Visitor) -> str:
    """Return the reference of a case; empty where it does not exist for somebody."""
    query = select(Case.reference).where(Case.id == case_id, walls.known_to(by))
    return tx.scalar(query) or ""


def of_case(tx: Session, case_id: UUID) -> list[Piece]:
    """Return every part of a case that was made a case of its own, in order."""
    rows = select(Piece).where(Piece.from_id == case_id)
    return list(tx.scalars(rows.order_by(Piece.entry_seq)))


def origin(tx: Session, case_id: UUID) -> Piece | None:
    """Return as which part of another one's words a case began; None if it did not."""
    return tx.scalar(select(Piece).where(Piece.case_id == case_id))


def both(tx: Session, case_id: UUID) -> tuple[Piece | None, list[Piece]]:
    """Return the same two at once: as which part it began, and its own parts."""
    rows = _either(tx, case_id)
    began = next((row for row in rows if row.case_id == case_id), None)
    return began, [row for row in rows if row.from_id == case_id]


def _either(tx: Session, id_: UUID) -> Sequence[Piece]:
    mine = or_(Piece.from_id == id_, Piece.case_id == id_)
    rows = select(Piece).where(mine).order_by(Piece.entry_seq)
    return once(tx, ("pieces", id_), lambda: tx.scalars(rows).all())


def living(tx: Session, case_id: UUID) -> list[Piece]:
    """Return the parts of a case that somebody looks after, or did, as cases."""
    rows = select(Piece).join(Case, Case.id == Piece.case_id)
    mine = (Piece.from_id == case_id, Case.state.not_in(_GONE))
    return list(tx.scalars(rows.where(*mine)))


def below(tx: Session, case_id: UUID) -> Iterator[UUID]:
    """Yield the cases that were made of a case's words, and of theirs."""
    for row in of_case(tx, case_id):
        yield row.case_id
        yield from below(tx, row.case_id)


def forget(tx: Session, case_id: UUID) -> None:
    """Forget what a case was made of, and what was made of it."""
    either = or_(Piece.from_id == case_id, Piece.case_id == case_id)
    tx.execute(delete(Piece).where(either))
