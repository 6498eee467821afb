"""A case rests: it is kept, and nothing else is done with it until its member says so.

The desk does not find it meanwhile, no rule moves it, and what was public of it is
taken back. Its member can still take it back, erase it, and read it.
"""

from dataclasses import replace

from sqlalchemy.orm import Session

from governance.cases import State
from governance.consent import Purpose
from governance.errors import NotYours, WrongState
from ledger.entry import Role
from node import jobs, log, notices, published
from node.accounts.visitor import Visitor
from node.cases import conflicts, consents, handed
from node.cases.hand import RESTS, RULE, Hand, pick_up
from node.core import Node
from node.log import Chain, Saying


def restrict(node: Node, reference: str, *, by: Visitor) -> None:
    """Let a case rest. Twice is once."""
    with node.begin() as tx:
        hand = _own(node, tx, reference, by)
        if hand.case.state is State.ERASED:
            raise WrongState("There is nothing left of this case.")
        if hand.case.restricted_at is not None:
            return
        hand.case.restricted_at = node.now()
        notices.cancel(tx, hand.case.id)
        handed.end(tx, hand.case.id, at=node.now())
        published.ended(node, tx, hand.case)
        chain = log.chain(node, tx, hand.case.id)
        given = consents.held(hand, Purpose.PUBLISH)
        consents.end(hand, chain, given)
        _say(hand, chain, "restrict")


def lift(node: Node, reference: str, *, by: Visitor) -> None:
    """Let a case go on, with all that became due meanwhile."""
    with node.begin() as tx:
        hand = _own(node, tx, reference, by)
        if hand.case.restricted_at is None:
            return
        hand.case.restricted_at = None
        jobs.wake(node, tx, RESTS)
        chain = log.chain(node, tx, hand.case.id)
        # Whom a wall keeps from it since then does not find it in their hands.
        conflicts.let_go(replace(hand, by=RULE), chain)
        _say(hand, chain, "unrestrict")


def _say(hand: Hand, chain: Chain, action: str) -> None:
    log.require_writable(hand.node)
    state = hand.case.state.value
    fields = {"action": action, "from": state, "to": state, "reason": ""}
    chain.say(Saying(kind="status", role=Role.MEMBER, fields=fields))
    chain.write()


def _own(node: Node, tx: Session, reference: str, by: Visitor) -> Hand:
    hand = pick_up(node, tx, reference, by)
    if not hand.own:
        raise NotYours("Only its member lets a case rest.")
    return hand
