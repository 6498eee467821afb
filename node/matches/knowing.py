"""Who at the desk may know of a person, and who may say that two are one.

A person is known by their cases: whoever may see none of these sees no person.
"""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from governance.cases import State
from governance.errors import Denied, NotFound
from governance.predicates import Resource
from node import aliases, governance, walls
from node.accounts.visitor import Visitor
from node.cases.hand import Hand, sees
from node.core import Node
from node.models.accounts import Account
from node.models.cases import Case
from node.models.people import Person

MERGE = "people.merge"
#: Cases of one person that are looked at, the newest first.
MOST_CASES = 20
#: Until triage is done nobody at the desk learns whose a case is.
BLIND = (State.RECEIVED, State.DISCARDED, State.ERASED)


def may_merge(node: Node, tx: Session, by: Visitor) -> bool:
    """Say whether somebody may decide who is whom."""
    bylaws, who = governance.in_force(node, tx), governance.subject(by)
    return governance.may(bylaws, who, MERGE, Resource(), at=node.now())


def require_merge(node: Node, tx: Session, by: Visitor) -> None:
    """Refuse whoever may not decide who is whom."""
    if by.case_id is not None or not may_merge(node, tx, by):
        raise Denied("Who is whom, coordinators decide.", rules=("silence",))


def cases_of(
    node: Node, tx: Session, people: Iterable[UUID], by: Visitor
) -> tuple[Case, ...]:
    """Return the cases of some people that this visitor may read, the newest first."""
    bylaws = governance.in_force(node, tx)
    rows = tx.scalars(
        select(Case)
        .where(
            Case.member_id.in_(list(people)),
            Case.state.not_in(BLIND),
            walls.open_to(by),
        )
        .order_by(Case.received_at.desc())
        .limit(MOST_CASES)
    )
    return tuple(case for case in rows if sees(Hand(node, tx, case, by, bylaws)))


def known(node: Node, tx: Session, person_id: UUID, by: Visitor) -> Person:
    """Return who somebody turned out to be, or refuse as if there were nobody.

    Whoever may decide who is whom also knows of members; nobody looks up themselves.
    """
    person = tx.get(Person, aliases.root(tx, person_id))
    if person is None or by.case_id is not None or by.is_person(person.id):
        raise NotFound("There is nobody like that here.")
    everybody = aliases.group(tx, person.id)
    if cases_of(node, tx, everybody, by):
        return person
    if may_merge(node, tx, by) and is_member(tx, everybody):
        return person
    raise NotFound("There is nobody like that here.")


def is_member(tx: Session, people: Iterable[UUID]) -> bool:
    """Say whether one of these has an account here."""
    there = exists().where(Account.person_id.in_(list(people)))
    return bool(tx.scalar(select(there)))
