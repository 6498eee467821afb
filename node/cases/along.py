"""A case that waits and goes along with another: whoever has that one has both.

Nothing of it is written to the case: while somebody looks after the other one they see
and answer this one too, and nobody else is handed it; when that ends, it waits again.
"""

from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session, aliased

from governance.bonds import GOES_ALONG, LEADS
from node.models.cases import Case
from node.models.together import CaseBond
from node.models.walls import Wall

_OTHER = aliased(Case)


def leader(tx: Session, case: Case) -> UUID | None:
    """Return who has a case because they have the one it goes along with."""
    if case.state not in GOES_ALONG:
        return None
    found = tx.scalar(
        select(_OTHER.responsible_id)
        .join(CaseBond, CaseBond.to_id == _OTHER.id)
        .where(_merged(case.id), _OTHER.state.in_(LEADS))
    )
    return None if found is None or _hidden(tx, case, found) else found


def _merged(case_id: UUID) -> ColumnElement[bool]:
    return (
        (CaseBond.from_id == case_id)
        & CaseBond.merged.is_(True)
        & CaseBond.undone_at.is_(None)
    )


def _hidden(tx: Session, case: Case, person: UUID) -> bool:
    wall = exists().where(
        Wall.case_id == case.id, Wall.person_id == person, Wall.stands
    )
    return person == case.member_id or bool(tx.scalar(select(wall)))


def by_itself() -> ColumnElement[bool]:
    """Return the condition on `Case` that it waits for somebody of its own.

    One whose other nobody can have with it waits like all the rest.
    """
    walled = exists().where(
        Wall.case_id == Case.id, Wall.person_id == _OTHER.responsible_id, Wall.stands
    )
    along = exists().where(
        CaseBond.from_id == Case.id,
        CaseBond.merged.is_(True),
        CaseBond.undone_at.is_(None),
        _OTHER.id == CaseBond.to_id,
        _OTHER.state.in_(LEADS),
        or_(
            _OTHER.responsible_id.is_(None),
            (_OTHER.responsible_id != Case.member_id) & ~walled.correlate(Case, _OTHER),
        ),
    )
    return ~along.correlate(Case)


def goes_along(tx: Session, case: Case) -> bool:
    """Say whether a case that waits is left to whoever gets the other one."""
    alone = select(Case.id).where(Case.id == case.id, by_itself())
    return tx.scalar(alone) is None
