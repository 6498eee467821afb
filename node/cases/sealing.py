"""That something was done beside the moves of a case: sealed, without a word of it."""

from ledger.entry import Role
from node import log
from node.cases.hand import Hand, attested
from node.log import Saying, Ticket


def say(hand: Hand, role: Role, action: str) -> Ticket:
    """Seal that something was done in a case that moves nothing."""
    log.require_writable(hand.node)
    chain, state = log.chain(hand.node, hand.tx, hand.case.id), hand.case.state.value
    fields = {"action": action, "from": state, "to": state}
    channel = None if role is Role.NODE else attested(hand.by)
    chain.say(Saying(kind="status", role=role, channel=channel, fields=fields))
    return chain.write()
