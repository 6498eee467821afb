"""A claimant who joined others says whether it is solved for them.

Theirs is an answer about their own claim: "not solved" opens their own case again,
whatever the others say.
"""

from governance.cases import Act
from governance.errors import NotYours, WrongState
from governance.resolutions import Answer
from governance.submissions import check_words
from node import log
from node.accounts.visitor import Visitor
from node.cases import confirming, joined
from node.cases.hand import Hand, pick_up
from node.claimants import saying
from node.core import Node
from node.log import Ticket
from node.models.together import ClaimAnswer
from node.resolutions.returning import brought_back
from node.threads import Words, said_before


def answer(
    node: Node,
    reference: str,
    said: Answer,
    *,
    by: Visitor,
    words: Words | None = None,
) -> Ticket:
    """Write down what one claimant says; words go along with "not solved" alone."""
    if words is not None:
        check_words(words.text)
    with node.begin(sealed=True) as tx:
        hand = pick_up(node, tx, reference, by)
        before = said_before(hand, words)
        if before is not None:
            return before.ticket
        row = _asked(hand)
        chain = log.chain(node, tx, hand.case.id)
        if row.answer is said:
            return log.ticket(tx, hand.case.id, chain.next_seq - 1)
        if words is not None and said is not Answer.NOT_SOLVED:
            raise WrongState(
                "A case that is closed takes no words. Say what is left in your own"
                " case, by opening it again."
            )
        saying.keep(hand, chain, row, said)
        if said is Answer.NOT_SOLVED:
            brought_back(hand, chain, Act.REOPEN, words)
        return chain.write()


def _asked(hand: Hand) -> ClaimAnswer:
    if not hand.own:
        raise NotYours("Whether it is solved, its own member says.")
    row = confirming.mine(hand.tx, hand.case.id)
    goes_on = joined.joined(hand.tx, hand.case.id)
    if row is None or goes_on is None or goes_on.matter_id != row.matter_id:
        raise WrongState("Nobody asks in this case whether it is solved.")
    hand.tx.refresh(row, with_for_update=True)
    if not confirming.may_answer(hand.tx, row):
        raise WrongState("The time to answer this is over, or the work goes on.")
    return row
