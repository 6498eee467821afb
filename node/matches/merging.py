"""Saying that two are one person, and taking it back. A person decides it.

Only `alias_of` changes: names, contacts and cases stay where they are, so nothing is
lost by a merge and nothing is left of one that was undone.
"""

from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from governance.errors import Conflict, NotFound, NotOnePerson
from node import aliases
from node.accounts.visitor import Visitor
from node.core import Node
from node.ids import new_id
from node.matches.knowing import is_member, known, require_merge
from node.models.cases import Case
from node.models.people import Person, PersonApart, PersonMerge


def merge(node: Node, from_id: UUID, into_id: UUID, *, by: Visitor) -> UUID:
    """Say that somebody is somebody else whom we know; return what undoes it."""
    with node.begin() as tx:
        require_merge(node, tx, by)
        first = known(node, tx, from_id, by).id
        second = known(node, tx, into_id, by).id
        if first == second:
            raise NotOnePerson("These are one person already.")
        lock(tx, first, second)
        if is_member(tx, aliases.group(tx, first)):
            # Whoever signs in is proven; a row that nobody proved becomes theirs.
            first, second = second, first
        if is_member(tx, aliases.group(tx, first)):
            raise NotOnePerson("Both have an account. Only they can say who they are.")
        if _works_for(tx, first, second) or _works_for(tx, second, first):
            raise NotOnePerson("One works on a case of the other: pass that on first.")
        tx.get_one(Person, first).alias_of = second
        row = PersonMerge(
            id=new_id(node),
            from_id=first,
            into_id=second,
            by_id=by.person_id,
            at=node.now(),
        )
        tx.add(row)
        return row.id


def lock(tx: Session, first: UUID, second: UUID) -> None:
    """Lock two rows, and refuse what somebody decided meanwhile."""
    # Always in one order. Behind the lock each may be somebody else's alias by now.
    for one in sorted((first, second)):
        person = tx.get_one(Person, one, with_for_update=True, populate_existing=True)
        if person.alias_of is not None:
            raise Conflict("Somebody else decided about one of them. Look again.")


def _works_for(tx: Session, one: UUID, other: UUID) -> bool:
    # Nobody works on a case of their own, and no case is left with nobody.
    there = exists().where(
        Case.responsible_id.in_(aliases.group(tx, one)),
        Case.member_id.in_(aliases.group(tx, other)),
    )
    return bool(tx.scalar(select(there)))


def unmerge(node: Node, merge_id: UUID, *, by: Visitor) -> None:
    """Take back that two are one person. Safe to ask for twice."""
    with node.begin() as tx:
        require_merge(node, tx, by)
        row = tx.get(PersonMerge, merge_id, with_for_update=True)
        if row is None:
            raise NotFound("There is nobody like that here.")
        known(node, tx, row.into_id, by)
        if row.undone_at is not None:
            return
        tx.get_one(Person, row.from_id).alias_of = None
        row.undone_at, row.undone_by = node.now(), by.person_id


def apart(node: Node, one_id: UUID, other_id: UUID, *, by: Visitor) -> None:
    """Say that two who look alike are two people; nobody is asked again."""
    with node.begin() as tx:
        require_merge(node, tx, by)
        first = known(node, tx, one_id, by).id
        second = known(node, tx, other_id, by).id
        if first == second:
            raise NotOnePerson("These are one person. Undo that first.")
        low, high = sorted((first, second))
        if tx.get(PersonApart, (low, high)) is None:
            row = PersonApart(
                one_id=low, other_id=high, by_id=by.person_id, at=node.now()
            )
            tx.add(row)
