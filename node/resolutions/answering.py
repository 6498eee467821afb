"""How a case ends: the advocate says it is done, the member says whether it is."""

from governance.cases import Act, Need
from governance.resolutions import EFFECTS, Answer
from governance.submissions import check_words
from governance.threads import MessageKind
from node import consent, log, pledges, vault
from node.accounts.visitor import Visitor
from node.cases import conflicts
from node.cases.hand import Hand, pick_up
from node.cases.moving import Step, move
from node.claimants import saying
from node.core import Node
from node.ladder import telling
from node.log import Chain, Ticket
from node.models.submissions import Claim
from node.resolutions.another import another
from node.resolutions.speaking import speak
from node.threads import Words, Written, said_before, say, tell
from node.together import updating


def resolve(
    node: Node, reference: str, words: Words, *, by: Visitor, obtained: str = ""
) -> Written:
    """Tell the member what was done, and ask whether that solves it."""
    check_words(words.text)
    with node.begin(sealed=True) as tx:
        hand = pick_up(node, tx, reference, by)
        before = said_before(hand, words)
        if before is not None:
            return before
        chain = log.chain(node, tx, hand.case.id)
        done = Words(words.id, words.text, MessageKind.RESOLUTION)
        seq = say(hand, chain, done, hand.part(Act.RESOLVE))
        move(hand, chain, Step(act=Act.RESOLVE, brings={Need.MESSAGE}))
        _obtained(hand, chain, obtained.strip())
        ticket = tell(hand, done.kind, chain.write())
        updating.pass_on(hand, done, MessageKind.RESOLUTION)
        return Written(seq, ticket)


def _obtained(hand: Hand, chain: Chain, obtained: str) -> None:
    claim = hand.tx.get_one(Claim, hand.case.id)
    place = vault.Place("claim", "obtained", hand.case.id)
    key = chain.content_key
    claim.obtained = vault.seal(hand.node, key, place, obtained) if obtained else None


def answer(
    node: Node,
    reference: str,
    said: Answer,
    *,
    by: Visitor,
    words: Words | None = None,
) -> Ticket:
    """Write down whether it is solved. Only the member's word closes it well.

    Words that come with "solved" stand before it, while the case still takes words.
    """
    if words is not None:
        check_words(words.text)
    with node.begin(sealed=True) as tx:
        hand = pick_up(node, tx, reference, by)
        before = said_before(hand, words)
        if before is not None:
            return before.ticket
        chain = log.chain(node, tx, hand.case.id)
        first, (act, outcome) = chain.next_seq, EFFECTS[said]
        if act is not Act.DISPUTE:
            speak(hand, chain, words)
            outcome = saying.closes_as(hand, chain, said)
            if outcome is None:
                return _kept(hand, chain, first)
        move(hand, chain, Step(act=act, outcome=outcome))
        if act is Act.DISPUTE:
            consent.renew(hand, chain)
            speak(hand, chain, words)
            hand.case.member_wrote_last = True
            pledges.promise_again(tx, chain, hand.case, hand.bylaws)
            conflicts.let_go(hand, chain)
            another(hand, chain, act)
        else:
            pledges.void(tx, hand.case, at=node.now())
        ticket = chain.write()
        if act is Act.DISPUTE:
            telling.not_solved(hand, ticket)
        return ticket


def _kept(hand: Hand, chain: Chain, first: int) -> Ticket:
    # Who says the same again says nothing new.
    if chain.next_seq > first:
        return chain.write()
    return log.ticket(hand.tx, hand.case.id, chain.next_seq - 1)
