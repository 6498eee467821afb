"""Who could be given a case: everybody whose grants let them accept one."""

from collections.abc import Collection
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.assignments import Candidate
from governance.cases import Act
from governance.rules import Bylaws
from node import people
from node.accounts.visitor import every_grant, roles_of
from node.assignments.facts import AT_WORK, Facts, facts, helped
from node.core import Node
from node.models.accounts import GrantRow

_WORKS = (f"case.{Act.ACCEPT.value}",)

__all__ = ["AT_WORK", "Colleague", "candidates", "colleagues_of"]


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody a case can be given to."""

    id: UUID
    name: str


def colleagues_of(
    node: Node, tx: Session, bylaws: Bylaws, *, verbs: Collection[str] = _WORKS
) -> tuple[Colleague, ...]:
    """Return everybody whose role lets them accept a case, or do else, by name."""
    roles = {row.role for row in bylaws.permissions if row.verb in verbs}
    held = every_grant(tx, at=node.now())
    able = {person for person, grants in held.items() if roles & roles_of(grants)}
    names = people.names(node, tx, able)
    found = (Colleague(id_, names.get(id_, "")) for id_ in sorted(able))
    return tuple(sorted(found, key=lambda one: one.name))


def candidates(
    node: Node,
    tx: Session,
    bylaws: Bylaws,
    *,
    among: AbstractSet[UUID] | None = None,
    member: UUID | None = None,
) -> tuple[Candidate, ...]:
    """Return everybody who holds a role, or only some, with what counts about them.

    With `member`, also whom that member called helpful before.
    """
    now = node.now()
    rows = select(GrantRow.person_id).where(GrantRow.expires_at > now).distinct()
    held = set(tx.scalars(rows))
    if among is not None:
        held &= among
    known, friends = (
        facts(node, tx, bylaws, held),
        helped(tx, member) if member else set(),
    )
    grants = every_grant(tx, at=now, among=held)
    return tuple(
        replace(
            _candidate(known, person),
            grants=grants.get(person, ()),
            helped=person in friends,
        )
        for person in sorted(held)
    )


def _candidate(known: Facts, person: UUID) -> Candidate:
    helper = known.helpers.get(person)
    return Candidate(
        person=person,
        grants=(),
        away=person in known.away,
        load=known.load.get(person, 0),
        capacity=helper.capacity if helper else None,
        weight=known.weight.get(person, 0),
        languages=frozenset(helper.languages.split() if helper else ()),
        skills=frozenset(helper.skills.split() if helper else ()),
        area=helper.area if helper else None,
        last_assigned_at=known.last.get(person),
    )
