"""Who somebody could be, with reasons; and one person as the desk may see them.

How alike two look is a figure that puts a name on a list. At most so many names are
looked at, whatever the number of people here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from governance.access import Field
from governance.errors import NotFound
from governance.intake import Identity
from governance.likeness import Known, Likeness, band, likeness
from governance.people import ContactKind, ContactState, Provenance, mask
from node import aliases, data_requests, naming, people
from node.accounts.visitor import Visitor
from node.cases import reads
from node.cases.lists import CaseLine, lines
from node.core import Node
from node.data_requests import Statement
from node.matches.knowing import cases_of, is_member, known, may_merge
from node.models.cases import Case
from node.models.people import ContactPoint, Person, PersonApart, PersonMerge

#: So many people with a name or contact alike are compared, and so many shown.
_COMPARED, _SHOWN = 50, 5


class Reason(StrEnum):
    """Why two could be one person."""

    SAME_CONTACT = "same_contact"
    NAME_ALIKE = "name_alike"


@dataclass(frozen=True, slots=True, kw_only=True)
class Double:
    """Somebody whom another could be."""

    id: UUID
    name: str
    member: bool
    reasons: tuple[Reason, ...]
    #: None where only a contact is the same.
    likeness: Likeness | None
    #: What a name, a place and a year come to, from 0 to 1.
    figure: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactLine:
    """One way to reach a person, of which only the ends are shown."""

    id: UUID
    masked: str
    kind: ContactKind
    state: ContactState
    provenance: Provenance
    verified_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeLine:
    """That somebody turned out to be this person; it can be taken back."""

    id: UUID
    name: str
    at: datetime
    by_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonShown:
    """A person as the desk may see them."""

    id: UUID
    name: str
    identity: Identity
    member: bool
    since: datetime
    contacts: tuple[ContactLine, ...]
    cases: tuple[CaseLine, ...]
    merges: tuple[MergeLine, ...]
    #: What they say is right about them; nothing that is held was rewritten.
    statements: tuple[Statement, ...]
    doubles: tuple[Double, ...]
    may_merge: bool


def person(node: Node, person_id: UUID, *, by: Visitor) -> PersonShown:
    """Return a person, by any row that turned out to be theirs."""
    try:
        with node.read() as tx:
            shown = _shown(node, tx, known(node, tx, person_id, by), by)
    except NotFound:
        reads.missed(node, Field.PERSON, by=by)
        raise
    reads.keep(node, reads.of_person(shown.id, by))
    return shown


def _shown(node: Node, tx: Session, row: Person, by: Visitor) -> PersonShown:
    everybody = aliases.group(tx, row.id)
    decides = may_merge(node, tx, by)
    return PersonShown(
        id=row.id,
        name=people.name(node, tx, row.id, row.display_name),
        identity=row.identity,
        member=is_member(tx, everybody),
        since=row.created_at,
        contacts=_contacts(node, tx, everybody),
        cases=lines(node, tx, cases_of(node, tx, everybody, by)),
        merges=_merges(node, tx, everybody) if decides else (),
        statements=data_requests.statements(node, tx, everybody, by),
        doubles=doubles(node, tx, row.id, by) if decides else (),
        may_merge=decides,
    )


def _contacts(
    node: Node, tx: Session, everybody: Iterable[UUID]
) -> tuple[ContactLine, ...]:
    points = tx.scalars(
        select(ContactPoint)
        .where(ContactPoint.person_id.in_(list(everybody)))
        .order_by(ContactPoint.created_at, ContactPoint.id)
    )
    return tuple(
        ContactLine(
            id=point.id,
            masked=mask(people.contact_of(node, tx, point)),
            kind=point.kind,
            state=point.state,
            provenance=point.provenance,
            verified_at=point.verified_at,
        )
        for point in points
    )


def _merges(
    node: Node, tx: Session, everybody: Iterable[UUID]
) -> tuple[MergeLine, ...]:
    rows = tx.scalars(
        select(PersonMerge)
        .where(
            PersonMerge.into_id.in_(list(everybody)), PersonMerge.undone_at.is_(None)
        )
        .order_by(PersonMerge.at, PersonMerge.id)
    ).all()
    ids = {row.from_id for row in rows} | {row.by_id for row in rows}
    names = people.names(node, tx, ids)
    return tuple(
        MergeLine(
            id=row.id, name=names[row.from_id], at=row.at, by_name=names[row.by_id]
        )
        for row in rows
    )


def doubles(
    node: Node, tx: Session, person_id: UUID, by: Visitor
) -> tuple[Double, ...]:
    """Return whom a person could be, the likeliest first."""
    first = aliases.root(tx, person_id)
    mine = aliases.group(tx, first)
    same = _same_contact(tx, mine)
    sounding = {
        aliases.root(tx, one)
        for own in mine
        for one in naming.alike(tx, own, most=_COMPARED)
    }
    others = (same | sounding) - mine - _apart(tx, first)
    shown = [one for one in sorted(others) if _may_know(node, tx, one, by)]
    facts = _facts(node, tx, {first, *shown})
    found = (_double(facts, first, one, contact=one in same) for one in shown)
    members = {one for one in shown if is_member(tx, aliases.group(tx, one))}
    made = [
        Double(
            id=one,
            name=facts[one].name,
            member=one in members,
            reasons=reasons,
            likeness=band(figure),
            figure=figure,
        )
        for one, reasons, figure in found
        if reasons
    ]
    made.sort(key=lambda it: (Reason.SAME_CONTACT not in it.reasons, -it.figure, it.id))
    return tuple(made[:_SHOWN])


def _double(
    facts: dict[UUID, Known], first: UUID, other: UUID, *, contact: bool
) -> tuple[UUID, tuple[Reason, ...], float]:
    figure = likeness(facts[first], facts[other])
    reasons = (Reason.SAME_CONTACT,) if contact else ()
    if band(figure) is not None:
        reasons = (*reasons, Reason.NAME_ALIKE)
    return other, reasons, figure


def _may_know(node: Node, tx: Session, person_id: UUID, by: Visitor) -> bool:
    if by.is_person(person_id):
        return False
    everybody = aliases.group(tx, person_id)
    return is_member(tx, everybody) or bool(cases_of(node, tx, everybody, by))


def _same_contact(tx: Session, mine: Iterable[UUID]) -> set[UUID]:
    own = select(ContactPoint.digest).where(ContactPoint.person_id.in_(list(mine)))
    rows = tx.scalars(
        select(ContactPoint.person_id)
        .where(ContactPoint.digest.in_(own))
        .distinct()
        .order_by(ContactPoint.person_id)
        .limit(_COMPARED)
    )
    return {aliases.root(tx, one) for one in rows}


def _apart(tx: Session, person_id: UUID) -> set[UUID]:
    rows = tx.execute(
        select(PersonApart.one_id, PersonApart.other_id).where(
            or_(PersonApart.one_id == person_id, PersonApart.other_id == person_id)
        )
    )
    return {one for pair in rows for one in pair} - {person_id}


def _facts(node: Node, tx: Session, ids: set[UUID]) -> dict[UUID, Known]:
    names = people.names(node, tx, ids)
    areas = dict(_areas(tx, ids))
    return {one: Known(names[one], area=areas.get(one)) for one in ids}


def _areas(tx: Session, ids: set[UUID]) -> Iterator[tuple[UUID, str]]:
    # Of several cases the newest says where somebody is.
    rows = tx.execute(
        select(Case.member_id, Case.area)
        .where(Case.member_id.in_(ids), Case.area.is_not(None))
        .order_by(Case.received_at)
    )
    for member, area in rows:
        yield member, area or ""
