"""Who may split, and what is said of it: in the chain, and to the member."""

from governance.cases import Act, verb
from governance.consent import Purpose
from governance.errors import NotYours
from node import governance, notices, people
from node.cases import links
from node.cases.hand import Hand, agreed, attested, role_of
from node.log import Chain, Saying, Ticket

#: Splitting is a part of triage, and for whoever triages.
TRIAGE = verb(Act.TRIAGE)


def mine(hand: Hand) -> Hand:
    """Return a case in hand that its holder may split, or refuse."""
    if hand.own:
        raise NotYours("What is a case of its own, the desk says.")
    who, at = governance.subject(hand.by), hand.node.now()
    governance.require(hand.bylaws, who, TRIAGE, hand.what, at=at)
    return hand


def say(hand: Hand, chain: Chain, action: str, reference: str) -> int:
    """Seal that another case was made of a part of this one, or went back."""
    # No reason of anybody's: only which case was made, or went back.
    fields = {"action": action, "reason": reference}
    role = role_of(hand, hand.part(Act.TRIAGE))
    channel = attested(hand.by)
    return chain.say(Saying(kind="status", role=role, channel=channel, fields=fields))


def tell(hand: Hand, kind: str, others: tuple[str, ...], ticket: Ticket) -> Ticket:
    """Tell the member by mail, where they agreed to be told."""
    node, case, tx = hand.node, hand.case, hand.tx
    point = people.mail_of(tx, case.member_id)
    if point is None or not agreed(tx, case.id, Purpose.CONTACT_CASE, at=node.now()):
        return ticket
    link = f"{node.settings.origin}/c/{links.first(node, tx, case.id)}"
    values = {"reference": case.reference, "others": ", ".join(others), "link": link}
    notices.queue(node, tx, point, notices.About(kind, values, case.id, ticket.oid))
    return ticket
