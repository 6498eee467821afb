"""Who read a case, who may, and what left: for its member, and for who coordinates.

The member reads roles and times; whoever reads it as their own work reads that alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select

from governance.access import Field, Ground, Sent
from node import people, vault
from node.accounts.visitor import Visitor
from node.cases import SeenBy, readers
from node.cases.hand import Hand, pick_up
from node.cases.reads import as_what
from node.core import Node
from node.models.access import Access, Disclosure, Glass
from node.paging import PAGE, cut


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLine:
    """One read of a case, as far as the viewer may know of it."""

    id: int
    at: datetime
    last_at: datetime
    times: int
    role: str
    field: Field
    ground: Ground
    #: Empty where the viewer sees roles alone.
    name: str


@dataclass(frozen=True, slots=True)
class DisclosureLine:
    """One thing that left, and the consent that let it."""

    what: Sent
    recipient: str
    at: datetime
    #: None for what a party is shown, whom the member named.
    consent_id: UUID | None


@dataclass(frozen=True, slots=True)
class Exceptional:
    """One look that no role opened, and what it was for."""

    at: datetime
    until: datetime
    role: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """Everything there is to know of who got to see a case."""

    reference: str
    own: bool
    readers: tuple[SeenBy, ...]
    reads: tuple[ReadLine, ...]
    #: The last line shown, when there are older ones.
    last: int | None
    disclosures: tuple[DisclosureLine, ...]
    exceptions: tuple[Exceptional, ...]


def sharing(
    node: Node, reference: str, *, by: Visitor, before: int | None = None
) -> Sharing:
    """Return who read a case and who may, the newest read first, a page at a time."""
    with node.read() as tx:
        hand = pick_up(node, tx, reference, by, lock=False)
        found = _reads(hand, before)
        lines, more = cut(found)
        return Sharing(
            reference=hand.case.reference,
            own=hand.own,
            readers=readers(hand),
            reads=_lines(hand, lines),
            last=lines[-1].id if more else None,
            disclosures=_disclosures(hand),
            exceptions=_exceptions(hand),
        )


def _reads(hand: Hand, before: int | None) -> Sequence[Access]:
    # An exceptional look shows once its member may know of it.
    told = select(Glass.id).where(
        Glass.case_id == hand.case.id, Glass.told_at.is_not(None)
    )
    query = select(Access).where(
        Access.case_id == hand.case.id,
        or_(Access.glass_id.is_(None), Access.glass_id.in_(told)),
    )
    if before is not None:
        query = query.where(Access.id < before)
    if not hand.own and not _coordinates(hand):
        query = query.where(Access.person_id == hand.by.person_id)
    return hand.tx.scalars(query.order_by(Access.id.desc()).limit(PAGE + 1)).all()


def _coordinates(hand: Hand) -> bool:
    # Who answers for a case holds the right to read it by that, and no office.
    mine = hand.case.responsible_id == hand.by.person_id
    return not mine and bool(as_what(hand, "case.read"))


def _lines(hand: Hand, rows: Sequence[Access]) -> tuple[ReadLine, ...]:
    ids = set() if hand.own else {row.person_id for row in rows}
    names = people.names(hand.node, hand.tx, ids)
    return tuple(
        ReadLine(
            id=row.id,
            at=row.at,
            last_at=row.last_at,
            times=row.times,
            role=row.role,
            field=row.field,
            ground=row.ground,
            name=names.get(row.person_id, ""),
        )
        for row in rows
    )


def _disclosures(hand: Hand) -> tuple[DisclosureLine, ...]:
    rows = hand.tx.scalars(
        select(Disclosure)
        .where(Disclosure.case_id == hand.case.id)
        .order_by(Disclosure.at.desc(), Disclosure.id)
    )
    return tuple(
        DisclosureLine(row.what, row.recipient, row.at, row.consent_id) for row in rows
    )


def _exceptions(hand: Hand) -> tuple[Exceptional, ...]:
    rows = hand.tx.scalars(
        select(Glass)
        .where(Glass.case_id == hand.case.id, Glass.told_at.is_not(None))
        .order_by(Glass.opened_at.desc())
    )
    return tuple(
        Exceptional(
            row.opened_at,
            row.ends_at,
            row.role,
            vault.words(hand.key(), vault.Place("glass", "reason", row.id), row.reason),
        )
        for row in rows
        if row.opened_at and row.ends_at
    )
