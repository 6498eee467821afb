"""Which cases somebody at the desk may know of at all.

Every list, count, search and message about cases of others asks here, so that a wall
that is put up holds everywhere at once.
"""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy.orm import Session

from governance import walls as rules
from node import aliases
from node.accounts.visitor import Visitor
from node.models.cases import Case
from node.models.walls import Interest, Wall


def open_to(by: Visitor) -> ColumnElement[bool]:
    """Return the condition on `Case` that leaves out what must not exist for them."""
    # Whoever lets their case rest is not found by anybody but themselves.
    return and_(apart_from(by), Case.restricted_at.is_(None))


def apart_from(by: Visitor) -> ColumnElement[bool]:
    """Return the same condition, with the cases that rest: for what opens none."""
    if by.person_id is None:
        return false()
    return and_(Case.member_id.not_in(own_of(by)), ~_walled_to(by))


def known_to(by: Visitor) -> ColumnElement[bool]:
    """Return the condition on `Case` that leaves out the same, but never one's own."""
    own = or_(Case.id == by.case_id, Case.member_id.in_(own_of(by)))
    return or_(own, ~_walled_to(by))


def _walled_to(by: Visitor) -> ColumnElement[bool]:
    wall = exists().where(
        Wall.case_id == Case.id, Wall.person_id.in_(own_of(by)), Wall.stands
    )
    return wall.correlate(Case)


def around(tx: Session, case_id: UUID) -> frozenset[UUID]:
    """Return everybody who must not know of a case."""
    rows = select(Wall.person_id).where(Wall.case_id == case_id, Wall.stands)
    return frozenset(tx.scalars(rows))


def of(tx: Session, case: Case) -> rules.Walls:
    """Return who is in a case, and who must not come near it."""
    return rules.Walls(aliases.group(tx, case.member_id), around(tx, case.id))


def hides(tx: Session, case_id: UUID, person_id: UUID) -> bool:
    """Say whether nobody at the desk may tell this person of this case."""
    case = tx.get_one(Case, case_id)
    return rules.visible(person_id, of(tx, case)) is not rules.Sight.DESK


def hidden_from(tx: Session, by: Visitor) -> frozenset[UUID]:
    """Return the cases that do not exist for somebody; their own are not among them."""
    rows = select(Wall.case_id).where(Wall.person_id.in_(own_of(by)), Wall.stands)
    others = rows.join(Case, Case.id == Wall.case_id)
    return frozenset(tx.scalars(others.where(Case.member_id.not_in(own_of(by)))))


def total(tx: Session, by: Visitor, number: int) -> int | None:
    """Return a total as somebody may know it; None when it is withheld."""
    return totals(tx, by)(number)


def totals(tx: Session, by: Visitor) -> Callable[[int], int | None]:
    """Return how somebody may know a total: None stands for one that is withheld.

    Whoever declared an interest gets no small total, whether or not any case met it:
    so nothing changes for them when one does.
    """
    declared = exists().where(
        Interest.person_id.in_(own_of(by)), Interest.withdrawn_at.is_(None)
    )
    walled = exists().where(Wall.person_id.in_(own_of(by)), Wall.stands)
    behind = bool(tx.scalar(select(or_(declared, walled))))
    return partial(rules.shown_total, hides=behind)


def own_of(by: Visitor) -> tuple[UUID, ...]:
    """Return everybody who somebody turned out to be: their cases are their own."""
    return () if by.person_id is None else (by.person_id, *by.aliases)
