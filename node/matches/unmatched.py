"""What came from somebody who could be known here: for a person to decide.

Shown are cases that triage has seen, so that nobody there learns whose they are.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from governance.cases import LIVE, State
from governance.intake import Identity
from node import governance, people, walls
from node.accounts.visitor import Visitor
from node.cases.hand import Hand, sees
from node.cases.lists import lines
from node.core import Node
from node.matches.knowing import BLIND, require_merge
from node.matches.persons import Double, doubles
from node.models.cases import Case
from node.models.people import Person

#: So many of the newest cases are looked at, and so many shown at most.
_LOOKED_AT, _SHOWN = 200, 20
_UNSURE = (Identity.MATCHED, Identity.UNVERIFIED)
_OPEN: tuple[State, ...] = tuple(sorted(set(LIVE) - set(BLIND)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmatched:
    """Something told by somebody who could be somebody we know."""

    reference: str
    title: str
    received_at: datetime
    person_id: UUID
    name: str
    identity: Identity
    doubles: tuple[Double, ...]


def unmatched(node: Node, *, by: Visitor) -> tuple[Unmatched, ...]:
    """Return what could be from somebody known, the newest first."""
    with node.read() as tx:
        require_merge(node, tx, by)
        bylaws = governance.in_force(node, tx)
        rows = tx.execute(
            select(Case, Person)
            .join(Person, Person.id == Case.member_id)
            .where(
                Case.state.in_(_OPEN),
                walls.open_to(by),
                Person.identity.in_(_UNSURE),
                Person.alias_of.is_(None),
            )
            .order_by(Case.received_at.desc(), Case.id)
            .limit(_LOOKED_AT)
        ).all()
        found: list[Unmatched] = []
        for case, person in rows:
            if not sees(Hand(node, tx, case, by, bylaws)):
                continue
            alike = doubles(node, tx, person.id, by)
            if alike:
                (line,) = lines(node, tx, [case])
                found.append(
                    Unmatched(
                        reference=case.reference,
                        title=line.title,
                        received_at=case.received_at,
                        person_id=person.id,
                        name=people.name(node, tx, person.id, person.display_name),
                        identity=person.identity,
                        doubles=alike,
                    )
                )
            if len(found) == _SHOWN:
                break
        return tuple(found)
