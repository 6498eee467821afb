"""Bringing a closed case back: anew, or because of how it ended."""

from governance.cases import Act
from governance.errors import WrongState
from governance.submissions import check_words
from node import consent, log, pledges, reviews
from node.accounts.visitor import Visitor
from node.cases.chances import may_appeal, may_reopen
from node.cases.hand import Hand, pick_up
from node.cases.moving import Step, move
from node.core import Node
from node.log import Chain, Ticket
from node.notices import About
from node.resolutions.another import another
from node.resolutions.speaking import speak
from node.threads import Words, said_before


def reopen(
    node: Node, reference: str, *, by: Visitor, words: Words | None = None
) -> Ticket:
    """Bring a closed case back into the queue, within the community's time for that."""
    return _bring_back(node, reference, Act.REOPEN, by, words)


def appeal(
    node: Node, reference: str, *, by: Visitor, words: Words | None = None
) -> Ticket:
    """Ask that somebody else looks at how a case ended; the stewards are told."""
    return _bring_back(node, reference, Act.APPEAL, by, words)


def _bring_back(
    node: Node, reference: str, act: Act, by: Visitor, words: Words | None
) -> Ticket:
    if words is not None:
        check_words(words.text)
    with node.begin(sealed=True) as tx:
        hand = pick_up(node, tx, reference, by)
        before = said_before(hand, words)
        if before is not None:
            return before.ticket
        _check_time(hand, act)
        chain = log.chain(node, tx, hand.case.id)
        brought_back(hand, chain, act, words)
        ticket = chain.write()
        if act is Act.APPEAL:
            _tell_stewards(hand, ticket)
        return ticket


def brought_back(hand: Hand, chain: Chain, act: Act, words: Words | None) -> None:
    """Put a closed case into the queue again, with what was promised to it."""
    move(hand, chain, Step(act=act))
    consent.renew(hand, chain)
    speak(hand, chain, words)
    hand.case.member_wrote_last = True
    pledges.promise_again(hand.tx, chain, hand.case, hand.bylaws)
    another(hand, chain, act)


def _check_time(hand: Hand, act: Act) -> None:
    in_time = may_appeal if act is Act.APPEAL else may_reopen
    if hand.case.closed_at is not None and not in_time(hand):
        raise WrongState("The time to bring this case back is over. Tell us anew.")


def _tell_stewards(hand: Hand, ticket: Ticket) -> None:
    # Stewards read no case by their office: they learn that there is one, and its name.
    values = {"reference": hand.case.reference}
    about = About("case.appealed", values, hand.case.id, ticket.oid)
    reviews.tell_stewards(hand.node, hand.tx, about)
