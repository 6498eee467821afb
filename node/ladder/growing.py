"""Looking how many joined a common matter, and telling people what is due by that."""

from uuid import UUID

from governance import joins as rules
from node.cases.hand import by_rule
from node.core import Node
from node.ladder import telling
from node.together import marks


def look(node: Node, matter_id: str) -> None:
    """Write down what so many make due, and tell whose work it is. Safe twice."""
    with node.begin() as tx:
        hand = by_rule(node, tx, UUID(matter_id))
        if hand is None:
            return
        for mark in marks.reach(hand, rules.marks(marks.count(hand))):
            telling.due(hand, mark)
