"""The member takes a case back, from wherever it stands."""

from governance.cases import Act, Outcome
from node import log, pledges
from node.accounts.visitor import Visitor
from node.cases.hand import pick_up
from node.cases.moving import Step, move
from node.core import Node
from node.log import Ticket


def withdraw(node: Node, reference: str, *, by: Visitor) -> Ticket:
    """Take a case back. Nobody asks why, and nobody can refuse it."""
    with node.begin(sealed=True) as tx:
        hand = pick_up(node, tx, reference, by)
        chain = log.chain(node, tx, hand.case.id)
        move(hand, chain, Step(act=Act.WITHDRAW, outcome=Outcome.WITHDRAWN))
        pledges.void(tx, hand.case, at=node.now())
        return chain.write()
