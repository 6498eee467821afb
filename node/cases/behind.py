"""What of a case only the desk sees: what waits for a second person, notes left."""

from dataclasses import dataclass
from uuid import UUID

from governance.access import Field
from node import people
from node.accounts.visitor import Visitor
from node.cases import chances, reads, seconding
from node.cases.hand import pick_up
from node.cases.releasing import notes_left
from node.cases.seconding import Proposed
from node.core import Node


@dataclass(frozen=True, slots=True)
class Behind:
    """What goes on behind a case."""

    #: What waits for a second person.
    proposals: tuple[Proposed, ...] = ()
    #: What those who had it before left for whoever has it now.
    notes: tuple[str, ...] = ()
    #: Whose it is.
    person: UUID | None = None
    #: Whether whoever looks says why promises of it were missed.
    explains: bool = False


def behind(node: Node, reference: str, *, by: Visitor) -> Behind:
    """Return what only the desk sees of a case; nothing to its own member."""
    with node.read() as tx:
        hand = pick_up(node, tx, reference, by, lock=False)
        if hand.own:
            return Behind()
        ids = {row.asked_by for row in seconding.waiting(hand)}
        names = people.names(node, tx, ids)
        notes = notes_left(hand)
        found = Behind(
            seconding.shown(hand, names),
            notes,
            hand.case.member_id,
            chances.explains(hand),
        )
        look = reads.of_case(hand, Field.NOTES) if notes else None
    reads.keep(node, look)
    return found
