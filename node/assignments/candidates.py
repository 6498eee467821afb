"""Who could be given a case: everybody whose grants let them accept one."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance.assignments import Candidate
from governance.cases import Act, State
from governance.rules import Bylaws
from node import people
from node.accounts.visitor import grants_of
from node.core import Node
from node.models.accounts import GrantRow
from node.models.cases import Case

#: Where a case has somebody who works on it.
AT_WORK = (
    State.ASSIGNED,
    State.WORKING,
    State.WAITING_MEMBER,
    State.WAITING_OTHER,
    State.RESOLVED,
)


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody a case can be given to."""

    id: UUID
    name: str


def colleagues_of(node: Node, tx: Session, bylaws: Bylaws) -> tuple[Colleague, ...]:
    """Return everybody whose role lets them accept a case, by name."""
    able = [one.person for one in candidates(node, tx) if _works(bylaws, one)]
    names = people.names(node, tx, set(able))
    found = (Colleague(id_, names.get(id_, "")) for id_ in able)
    return tuple(sorted(found, key=lambda one: one.name))


def _works(bylaws: Bylaws, candidate: Candidate) -> bool:
    roles = {
        row.role for row in bylaws.permissions if row.verb == f"case.{Act.ACCEPT.value}"
    }
    return any(grant.role in roles for grant in candidate.grants)


def candidates(node: Node, tx: Session) -> tuple[Candidate, ...]:
    """Return everybody who holds a role, with what counts about them."""
    now = node.now()
    held = tx.scalars(
        select(GrantRow.person_id).where(GrantRow.expires_at > now).distinct()
    ).all()
    load = dict(
        tx.execute(
            select(Case.responsible_id, func.count())
            .where(Case.state.in_(AT_WORK))
            .group_by(Case.responsible_id)
        ).all()
    )
    return tuple(
        Candidate(
            person=person,
            grants=grants_of(tx, person, at=now),
            load=load.get(person, 0),
        )
        for person in sorted(held)
    )
