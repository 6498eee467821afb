"""Showing how to reach somebody, once it is written down that somebody looked.

Ends of an address tell which one it is; the whole of it is for whoever has work to do
with its owner, and its owner reads that they saw it.
"""

from uuid import UUID

from sqlalchemy.orm import Session

from governance.access import Field
from governance.errors import Denied, NotFound
from governance.people import Contact
from node import aliases, governance, people
from node.accounts.visitor import Visitor
from node.cases import reads
from node.cases.hand import Hand
from node.cases.reads import Look
from node.core import Node
from node.matches.knowing import cases_of, known, may_merge
from node.models.people import ContactPoint, Person


def reveal(node: Node, person_id: UUID, contact_id: UUID, *, by: Visitor) -> Contact:
    """Return one contact in the open; its owner sees by whom, as what and when."""
    try:
        with node.read() as tx:
            owner = known(node, tx, person_id, by)
            look = _look(node, tx, owner, by)
            found = people.contact_of(node, tx, _point(tx, owner, contact_id))
    except NotFound:
        reads.missed(node, Field.CONTACT, by=by)
        raise
    reads.keep(node, look)
    return found


def _point(tx: Session, owner: Person, contact_id: UUID) -> ContactPoint:
    point = tx.get(ContactPoint, contact_id)
    if point is None or point.person_id not in aliases.group(tx, owner.id):
        raise NotFound("There is nothing like that here.")
    return point


def _look(node: Node, tx: Session, owner: Person, by: Visitor) -> Look | None:
    """Return by what somebody may look: a case of theirs, or their office."""
    bylaws = governance.in_force(node, tx)
    hands = [
        Hand(node, tx, case, by, bylaws)
        for case in cases_of(node, tx, aliases.group(tx, owner.id), by)
    ]
    # Whoever could take a case reads its words, and writes to nobody yet.
    working = [hand for hand in hands if hand.may("case.read")]
    # It stands in the case they work on: there its member finds it by the link.
    working.sort(key=lambda hand: hand.case.responsible_id != by.person_id)
    if working:
        return reads.of_case(working[0], Field.CONTACT)
    if not may_merge(node, tx, by):
        raise Denied(
            "How to reach somebody is for whoever works on their case.",
            rules=("silence",),
        )
    return reads.of_person(owner.id, by, Field.CONTACT)
