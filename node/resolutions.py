"""How a case ends: the advocate says it is done, the member says whether it is."""

from governance.cases import Act, Need, Part
from governance.errors import WrongState
from governance.resolutions import EFFECTS, Answer
from governance.submissions import check_words
from governance.threads import MessageKind
from node import consent, log, pledges, vault
from node.accounts.visitor import Visitor
from node.cases.chances import may_reopen
from node.cases.hand import Hand, pick_up
from node.cases.moving import Step, move
from node.core import Node
from node.log import Chain, Ticket
from node.models.submissions import Claim
from node.threads import Words, Written, said_before, say, tell


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
        return Written(seq, tell(hand, done.kind, chain.write()))


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
        act, outcome = EFFECTS[said]
        if words is not None and hand.own and act is not Act.DISPUTE:
            say(hand, chain, words, Part.MEMBER)
        move(hand, chain, Step(act=act, outcome=outcome))
        if act is Act.DISPUTE:
            consent.renew(hand, chain)
            if words is not None:
                say(hand, chain, words, Part.MEMBER)
            hand.case.member_wrote_last = True
            pledges.promise_again(tx, chain, hand.case, hand.bylaws)
        else:
            pledges.void(tx, hand.case, at=node.now())
        return chain.write()


def reopen(
    node: Node, reference: str, *, by: Visitor, words: Words | None = None
) -> Ticket:
    """Bring a closed case back into the queue, within the community's time for that."""
    if words is not None:
        check_words(words.text)
    with node.begin(sealed=True) as tx:
        hand = pick_up(node, tx, reference, by)
        before = said_before(hand, words)
        if before is not None:
            return before.ticket
        if hand.case.closed_at is not None and not may_reopen(hand):
            raise WrongState("The time to reopen this case is over. Tell us anew.")
        chain = log.chain(node, tx, hand.case.id)
        move(hand, chain, Step(act=Act.REOPEN))
        consent.renew(hand, chain)
        if words is not None and hand.own:
            say(hand, chain, words, Part.MEMBER)
        hand.case.member_wrote_last = True
        pledges.promise_again(tx, chain, hand.case, hand.bylaws)
        return chain.write()
