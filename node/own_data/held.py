"""What the node holds about a member, by purpose, and how often it was read.

It is all theirs: of whom they turned out to be, too, and of no case that is not theirs.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from governance.cases import State
from governance.consent import Purpose
from governance.errors import AuthRequired
from node import data_requests, interests, people, vault, walls
from node.accounts.visitor import Visitor
from node.core import Node
from node.models.access import Access, Glass
from node.models.accounts import GrantRow
from node.models.cases import Case
from node.models.consent import Consent
from node.models.people import ContactPoint, Person
from node.models.retention import Retention
from node.own_data.shapes import (
    Agreed,
    CaseHeld,
    ContactHeld,
    Held,
    LookUp,
    RoleHeld,
)
from node.texts import snippets


def held(node: Node, *, by: Visitor) -> Held:
    """Return what the node holds about whoever is signed in."""
    if by.person_id is None or by.account_id is None:
        raise AuthRequired("Sign in to see what we hold about you.")
    ids = walls.own_of(by)
    with node.read() as tx:
        person = tx.get_one(Person, by.person_id)
        cases = _cases(node, tx, ids)
        return Held(
            name=people.name(node, tx, person.id, person.display_name),
            language=person.language,
            identity=person.identity,
            since=person.created_at,
            contacts=_contacts(node, tx, ids),
            roles=_roles(tx, ids),
            cases=cases,
            purposes=_purposes(tx, {it.id: it.reference for it in cases}),
            look_ups=_look_ups(tx, ids),
            requests=data_requests.of(node, tx, ids),
            snippets=snippets.of(node, tx, ids),
            interests=interests.of(node, tx, person.id),
        )


def _contacts(node: Node, tx: Session, ids: Sequence[UUID]) -> tuple[ContactHeld, ...]:
    query = select(ContactPoint).where(ContactPoint.person_id.in_(ids))
    rows = tx.scalars(query.order_by(ContactPoint.created_at, ContactPoint.id)).all()
    return tuple(
        ContactHeld(
            kind=row.kind,
            value=people.contact_of(node, tx, row).value,
            provenance=row.provenance,
            state=row.state,
            verified_at=row.verified_at,
            created_at=row.created_at,
        )
        for row in rows
    )


def _roles(tx: Session, ids: Sequence[UUID]) -> tuple[RoleHeld, ...]:
    query = select(GrantRow).where(GrantRow.person_id.in_(ids))
    rows = tx.scalars(query.order_by(GrantRow.from_at, GrantRow.id)).all()
    return tuple(
        RoleHeld(role=row.role, since=row.from_at, until=row.expires_at) for row in rows
    )


def _cases(node: Node, tx: Session, ids: Sequence[UUID]) -> tuple[CaseHeld, ...]:
    rows = tx.execute(
        select(Case, Retention.phase, Retention.due_at)
        .outerjoin(Retention, Retention.case_id == Case.id)
        .where(Case.member_id.in_(ids), Case.state != State.ERASED)
        .order_by(Case.received_at.desc(), Case.id)
    ).all()
    reads = _reads(tx, [row[0].id for row in rows])
    return tuple(
        CaseHeld(
            id=case.id,
            reference=case.reference,
            title=_title(node, tx, case),
            state=case.state,
            outcome=case.outcome,
            received_at=case.received_at,
            closed_at=case.closed_at,
            restricted_at=case.restricted_at,
            keeping=phase,
            due_at=due_at,
            reads=reads.get(case.id, 0),
        )
        for case, phase, due_at in rows
    )


def _title(node: Node, tx: Session, case: Case) -> str:
    key = vault.key_of(node, tx, "case", case.id)
    place = vault.Place("case", "title", case.id)
    return vault.words(key, place, case.title) if key else ""


def _reads(tx: Session, cases: Sequence[UUID]) -> dict[UUID | None, int]:
    counted = select(Access.case_id, func.sum(Access.times)).where(
        Access.case_id.in_(cases), _told()
    )
    rows = tx.execute(counted.group_by(Access.case_id)).all()
    return {case_id: int(times) for case_id, times in rows}


def _told() -> ColumnElement[bool]:
    # An exceptional look shows once its member may know of it.
    told = select(Glass.id).where(Glass.told_at.is_not(None))
    return or_(Access.glass_id.is_(None), Access.glass_id.in_(told))


def _purposes(
    tx: Session, cases: dict[UUID, str]
) -> tuple[tuple[Purpose, tuple[Agreed, ...]], ...]:
    query = select(Consent).where(Consent.case_id.in_(cases))
    found: dict[Purpose, list[Agreed]] = {}
    for row in tx.scalars(query.order_by(Consent.given_at.desc(), Consent.id)):
        line = Agreed(
            id=row.id,
            case=cases[row.case_id],
            purpose=row.purpose,
            recipient=row.recipient or "",
            state=row.state,
            given_at=row.given_at,
            valid_until=row.valid_until,
        )
        found.setdefault(row.purpose, []).append(line)
    return tuple((it, tuple(found[it])) for it in Purpose if it in found)


def _look_ups(tx: Session, ids: Sequence[UUID]) -> tuple[LookUp, ...]:
    query = select(Access).where(
        Access.about_id.in_(ids), Access.case_id.is_(None), Access.person_id.not_in(ids)
    )
    rows = tx.scalars(query.where(_told()).order_by(Access.id.desc())).all()
    return tuple(
        LookUp(
            at=row.at,
            times=row.times,
            role=row.role,
            field=row.field,
            ground=row.ground,
        )
        for row in rows
    )
