"""The member takes a case back, from wherever it stands."""

from governance.cases import LIVE, Act, Outcome, Part
from governance.consent import Purpose
from node import log, notices, pledges
from node.accounts.visitor import Visitor
from node.cases import consents, joined
from node.cases.hand import Hand, attested, pick_up, role_of
from node.cases.moving import Step, move
from node.core import Node
from node.log import Chain, Saying, Ticket
from node.models.together import CommonMatter


def withdraw(node: Node, reference: str, *, by: Visitor) -> Ticket:
    """Take a case back. Nobody asks why, and nobody can refuse it.

    What others go on with, its member leaves to them: it ends with the last of them.
    """
    with node.begin(sealed=True) as tx:
        hand = pick_up(node, tx, reference, by)
        chain = log.chain(node, tx, hand.case.id)
        if hand.own and hand.case.state in LIVE and joined.number(tx, hand.case.id):
            return _leave_to_others(hand, chain)
        take_back(hand, chain)
        return chain.write()


def take_back(hand: Hand, chain: Chain) -> None:
    """End a case as its member wants it."""
    move(hand, chain, Step(act=Act.WITHDRAW, outcome=Outcome.WITHDRAWN))
    pledges.void(hand.tx, hand.case, at=hand.node.now())


def _leave_to_others(hand: Hand, chain: Chain) -> Ticket:
    matter = hand.tx.get_one(CommonMatter, hand.case.id, with_for_update=True)
    if matter.left_at is not None:
        return log.ticket(hand.tx, hand.case.id, chain.next_seq - 1)
    matter.left_at = hand.node.now()
    fields = {"action": "leave", "from": "", "to": "", "reason": ""}
    role, channel = role_of(hand, Part.MEMBER), attested(hand.by)
    chain.say(Saying(kind="status", role=role, channel=channel, fields=fields))
    consents.end(hand, chain, consents.held(hand, Purpose.CONTACT_CASE))
    notices.cancel(hand.tx, hand.case.id)
    return chain.write()
