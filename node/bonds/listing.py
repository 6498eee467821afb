"""How a case hangs together with others, as far as whoever looks may know of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from governance.bonds import BondKind
from governance.cases import State
from governance.errors import NotFound
from node import people, vault
from node.accounts.visitor import Visitor
from node.cases.hand import Hand, glimpse
from node.cases.lists import lines
from node.core import Node
from node.models.cases import Case
from node.models.together import CaseBond

#: Whoever may say that two cases are one matter.
MERGE = "case.merge"


@dataclass(frozen=True, slots=True, kw_only=True)
class BondLine:
    """How a case hangs together with another that the viewer may know of."""

    id: UUID
    #: The other one.
    reference: str
    title: str
    state: State
    kind: BondKind
    merged: bool
    #: Whether this case is the one that was linked to the other.
    first: bool
    #: Whether its member wrote last, and nobody answered.
    wrote: bool
    reason: str
    by_name: str
    at: datetime


def standing() -> Select[CaseBond]:
    """Return the query for every link that was not taken back."""
    return select(CaseBond).where(CaseBond.undone_at.is_(None))


def ends_at(case_id: UUID) -> ColumnElement[bool]:
    """Return the condition that a link has a case at one of its ends."""
    return or_(CaseBond.from_id == case_id, CaseBond.to_id == case_id)


def known(node: Node, tx: Session, reference: str, by: Visitor) -> Hand:
    """Find a case that somebody reads, or decides about without reading it."""
    return glimpse(node, tx, reference, by, lambda hand: hand.may(MERGE))


def bonds_of(node: Node, reference: str, *, by: Visitor) -> tuple[BondLine, ...]:
    """Return how a case hangs together with others that the viewer may know of."""
    with node.read() as tx:
        hand = known(node, tx, reference, by)
        if hand.own:
            return ()
        mine = standing().where(ends_at(hand.case.id))
        rows = tx.scalars(mine.order_by(CaseBond.at, CaseBond.id))
        return tuple(_lines(hand, rows.all()))


def _lines(hand: Hand, rows: Iterable[CaseBond]) -> Iterable[BondLine]:
    names = people.names(hand.node, hand.tx, {row.by_id for row in rows})
    for row in rows:
        first = row.from_id == hand.case.id
        other_id = row.to_id if first else row.from_id
        other = hand.tx.get_one(Case, other_id)
        try:
            seen = known(hand.node, hand.tx, other.reference, hand.by)
        except NotFound:
            continue
        (line,) = lines(hand.node, hand.tx, [seen.case])
        owner = hand if first else seen
        place = vault.Place("case_bond", "reason", row.id)
        yield BondLine(
            id=row.id,
            reference=other.reference,
            title=line.title,
            state=other.state,
            kind=row.kind,
            merged=row.merged,
            first=first,
            wrote=other.member_wrote_last,
            reason=vault.words(owner.key(), place, row.reason),
            by_name=names[row.by_id],
            at=row.at,
        )
