"""Who turned out to be whom, by somebody's decision.

A person keeps their own row, name and contacts; the alias only says whose they are.
So taking the decision back leaves everything as it was.
"""

from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from node.models.people import Person


def root(tx: Session, person_id: UUID) -> UUID:
    """Return who somebody turned out to be; themselves, unless it was decided."""
    found = person_id
    while (above := _above(tx, found)) is not None:
        found = above
    return found


def _above(tx: Session, person_id: UUID) -> UUID | None:
    return tx.scalar(select(Person.alias_of).where(Person.id == person_id))


def below(tx: Session, person_id: UUID) -> frozenset[UUID]:
    """Return everybody who turned out to be this person, at whatever remove."""
    found: set[UUID] = set()
    newest = {person_id}
    while newest:
        rows = tx.scalars(select(Person.id).where(Person.alias_of.in_(newest)))
        newest = set(rows) - found
        found |= newest
    return frozenset(found)


def group(tx: Session, person_id: UUID) -> frozenset[UUID]:
    """Return everybody who is the same person as this one, this one included."""
    # Hardly anybody turned out to be somebody else: one look tells that.
    near = select(Person.id, Person.alias_of).where(
        or_(Person.id == person_id, Person.alias_of == person_id)
    )
    if not any(row.alias_of for row in tx.execute(near)):
        return frozenset({person_id})
    first = root(tx, person_id)
    return below(tx, first) | {first}
