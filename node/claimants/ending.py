"""What the answers of all claimants do to their common matter.

They do it together: the event and its entry name none of them.
"""

from governance.cases import Act, Outcome, Part
from node import pledges
from node.accounts.visitor import Visitor
from node.cases import conflicts
from node.cases.closing import take_back
from node.cases.hand import Hand
from node.cases.moving import Step, move
from node.log import Chain


def settle(hand: Hand, chain: Chain, act: Act, outcome: Outcome | None) -> None:
    """Close a common matter as its claimants say, or open it again for all of them."""
    together = _claimants(hand)
    step = Step(act=act, outcome=outcome, part=Part.MEMBER, together=True)
    move(together, chain, step)
    if act is Act.DISPUTE:
        pledges.promise_again(hand.tx, chain, hand.case, hand.bylaws)
        conflicts.let_go(together, chain)
    else:
        pledges.void(hand.tx, hand.case, at=hand.node.now())


def withdraw(hand: Hand, chain: Chain) -> None:
    """End a common matter that its member left to others, when they have left, too."""
    take_back(_claimants(hand), chain)


def _claimants(hand: Hand) -> Hand:
    # A claimant of this case and nothing else: no account, no role, no other case.
    case = hand.case
    by = Visitor(person_id=case.member_id, case_id=case.id)
    return Hand(hand.node, hand.tx, case, by, hand.bylaws)
