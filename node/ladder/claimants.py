"""Looking at what all claimants of a common matter say, when one answers or leaves.

A job of its own: whoever answers locks their own case and no other.
"""

from uuid import UUID

from governance import joins as rules
from governance.cases import Act, State
from node import log
from node.cases import confirming
from node.cases.hand import by_rule
from node.claimants import ending
from node.core import Node
from node.ladder import telling


def look(node: Node, matter_id: str) -> None:
    """Close a matter, or open it again, once the answers are enough. Safe twice."""
    with node.begin(sealed=True) as tx:
        hand = by_rule(node, tx, UUID(matter_id))
        if hand is None or hand.case.state is not State.RESOLVED:
            return
        found = rules.settle(confirming.all_say(hand))
        if found is None:
            return
        act, outcome = found
        chain = log.chain(node, tx, hand.case.id)
        ending.settle(hand, chain, act, outcome)
        ticket = chain.write()
        if act is Act.DISPUTE:
            telling.disputed(hand, ticket)
