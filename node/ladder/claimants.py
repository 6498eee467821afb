"""Looking at what all claimants of a common matter say, when one answers or leaves.

A job of its own: whoever answers locks their own case and no other.
"""

from uuid import UUID

from governance import joins as rules
from governance.cases import LIVE, Act, State
from node import log
from node.cases import confirming, joined
from node.cases.hand import Hand, by_rule
from node.claimants import ending
from node.core import Node
from node.ladder import telling
from node.models.together import CommonMatter


def look(node: Node, matter_id: str) -> None:
    """Close a matter, or open it again, once the answers are enough. Safe twice."""
    with node.begin(sealed=True) as tx:
        hand = by_rule(node, tx, UUID(matter_id))
        if hand is None:
            return
        if hand.case.state in LIVE and _is_left_by_all(hand):
            chain = log.chain(node, tx, hand.case.id)
            ending.withdraw(hand, chain)
            chain.write()
        if hand.case.state is not State.RESOLVED:
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


def _is_left_by_all(hand: Hand) -> bool:
    matter = hand.tx.get(CommonMatter, hand.case.id)
    if matter is None or matter.left_at is None:
        return False
    return joined.number(hand.tx, hand.case.id) == 0
