"""Who hears that notes were asked for."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.orm import Session

from governance.threads import NoteKind
from node import notices, officers, people, walls
from node.access.glass import may_ask
from node.cases.hand import Hand, as_person
from node.core import Node
from node.ladder import telling
from node.log import Ticket
from node.notices import About


def deciders(
    hand: Hand, kinds: Collection[NoteKind], kind: str, ticket: Ticket | None = None
) -> None:
    """Tell whoever decides about notes of some kinds that there are such."""
    whom: set[UUID] = set()
    if NoteKind.WORKING in kinds:
        whom.update(telling.leads(hand))
    if NoteKind.SEALED in kinds:
        whom.update(_guards(hand.node, hand.tx, hand))
    node = hand.node
    values = {
        "reference": hand.case.reference,
        "link": f"{node.settings.origin}/admin/notes",
    }
    about = About(kind, values, hand.case.id, ticket.oid if ticket else None)
    for person in sorted(whom):
        point = people.mail_of(hand.tx, person)
        if point is not None:
            notices.queue(node, hand.tx, point, about)


def _guards(node: Node, tx: Session, hand: Hand) -> list[UUID]:
    found = (who.person_id for who in officers.every(tx, at=node.now()))
    return [
        one
        for one in found
        if one is not None
        and not walls.hides(tx, hand.case.id, one)
        and may_ask(as_person(hand, one))
    ]
