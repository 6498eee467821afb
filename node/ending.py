"""Ending an account: everything its member told here goes, and then who they were.

The account goes at once, and with it every way in. A job erases case after case, as
the member would; a case that is held for legal reasons goes when the hold is over, and
until then the node still knows whose it is.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, select, update
from sqlalchemy.orm import Session

from governance.cases import State
from governance.errors import AuthRequired
from governance.retention import CaseHeld
from governance.roles import RolesLeft
from node import (
    aliases,
    data_requests,
    erasing,
    governance,
    grants,
    jobs,
    people,
    walls,
)
from node.accounts.visitor import Visitor
from node.cases.hand import RULE, Hand, as_person
from node.core import Node
from node.erasing import Basis, Erasure, Level, Wish, journal, members, performing
from node.erasing.shapes import Why
from node.holding.rows import standing
from node.ids import new_id
from node.models.accounts import GrantRow
from node.models.actors import AdvocateActor
from node.models.cases import Case
from node.models.data_requests import DataRequest
from node.models.preferences import Digest, NoticeHours, NoticePace
from node.models.retention import LegalHold
from node.models.roster import Turn
from node.models.snippets import Snippet
from node.models.teams import Absence, Helper, Shift, TeamMember
from node.models.walls import Interest

JOB = members.JOB
#: What stands under somebody's name alone.
_OWN = (
    Digest, NoticeHours, NoticePace, Absence, Helper, Shift, TeamMember, Interest,
    Snippet, Turn,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Held:
    """A case that goes later, because it is held."""

    reference: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What goes when somebody ends their account, and what stands against it."""

    #: How many cases go at once.
    cases: int
    held: tuple[Held, ...]
    #: Their roles: each has to be given back before.
    roles: tuple[str, ...]


def look(node: Node, *, by: Visitor) -> Ending:
    """Return what would go if whoever is signed in ended their account."""
    _account(by)
    now = node.now()
    with node.read() as tx:
        told = _told(walls.own_of(by))
        every = tx.scalars(select(func.count()).select_from(Case).where(told)).one()
        rows = tx.execute(
            select(Case.reference, func.max(LegalHold.until))
            .join(LegalHold, LegalHold.case_id == Case.id)
            .where(told, *standing(now))
            .group_by(Case.reference)
            .order_by(Case.reference)
        ).all()
        held = tuple(Held(reference, until) for reference, until in rows)
        return Ending(
            cases=every - len(held),
            held=held,
            roles=tuple(row.role for row in _roles(tx, by.person_id, now)),
        )


def end(node: Node, *, by: Visitor) -> None:
    """End the account of whoever is signed in, now and for good.

    Raises `RolesLeft` while they hold a role: others count on whoever has one.
    """
    person_id = _account(by)
    erasing.require_present(by)
    with node.begin() as tx:
        roles = [row.role for row in _roles(tx, person_id, node.now())]
        if roles:
            raise RolesLeft(
                "You hold a role here. Give it back first, so that no case stays with"
                " somebody who is gone.",
                roles=" ".join(roles),
            )
        gone = Erasure(
            id=new_id(node), at=node.now(), level=Level.CHAIN, chain=person_id
        )
        journal.append(node, gone)
        performing.perform(node, tx, gone, Why(Basis.CONSENT))


def forget(node: Node, person_id: str) -> None:
    """Erase what somebody told, then who they were. Safe to call twice."""
    who = UUID(person_id)
    with node.read() as tx:
        ids = {who, *aliases.below(tx, who)}
        told = tx.scalars(select(Case.id).where(_told(ids))).all()
        asked = select(DataRequest.id).where(DataRequest.person_id.in_(ids))
        requests = tx.scalars(asked).all()
    for id_ in requests:
        with node.begin() as tx:
            row = tx.get(DataRequest, id_, with_for_update=True)
            if row is not None:
                data_requests.erase(node, tx, row, Basis.CONSENT)
    held = [until for id_ in told for until in _erase(node, id_, who)]
    with node.begin() as tx:
        _forget_rest(node, tx, who, ids)
        if held:
            # Each goes when its own hold is over: the next one says when to look.
            key = f"{JOB}/{who}/{min(held).isoformat()}"
            jobs.put(node, tx, jobs.Asked(JOB, person_id, min(held), None, key))


def _erase(node: Node, case_id: UUID, who: UUID) -> Iterator[datetime]:
    """Erase a case; yield until when it is held, or a part of it, if it stays."""
    try:
        with node.begin() as tx:
            case = tx.get(Case, case_id, with_for_update=True)
            if case is not None and case.state is not State.ERASED:
                rule = Hand(node, tx, case, RULE, governance.in_force(node, tx))
                erasing.away(as_person(rule, who), Wish(level=Level.CHAIN))
    except CaseHeld as held:
        yield datetime.fromisoformat(str(held.values["until"]))


def _forget_rest(node: Node, tx: Session, who: UUID, ids: Collection[UUID]) -> None:
    now = node.now()
    # There are roles only after a restore: nobody ends an account while they hold one.
    for row in _roles(tx, who, now):
        row.expires_at = max(now, row.from_at)
        key = f"{grants.OVER}/{row.id}/ended"
        jobs.put(node, tx, jobs.Asked(grants.OVER, str(row.id), now, None, key))
    for model in _OWN:
        tx.execute(delete(model).where(model.person_id.in_(ids)))
    tx.execute(
        update(AdvocateActor)
        .where(AdvocateActor.person_id.in_(ids), AdvocateActor.closed_at.is_(None))
        .values(closed_at=now)
    )
    for id_ in ids:
        people.forget(tx, id_)


def _account(by: Visitor) -> UUID:
    if by.person_id is None or by.account_id is None:
        raise AuthRequired("Sign in to end your account.")
    return by.person_id


def _told(ids: Collection[UUID]) -> ColumnElement[bool]:
    return and_(Case.member_id.in_(ids), Case.state != State.ERASED)


def _roles(tx: Session, person_id: UUID | None, now: datetime) -> list[GrantRow]:
    held = select(GrantRow).where(
        GrantRow.person_id == person_id, GrantRow.expires_at > now
    )
    return list(tx.scalars(held.order_by(GrantRow.role, GrantRow.id)))
