"""Answering at once what one human sentence answers: questions, thanks and news."""

from governance.cases import ANSWER_NOW_KINDS, Act, Need
from governance.errors import WrongState
from governance.submissions import check_words
from governance.threads import MessageKind
from node import assignments, log
from node.accounts.visitor import Visitor
from node.cases.hand import pick_up
from node.cases.moving import Step, move
from node.core import Node
from node.threads import Words, Written, said_before, say, tell
from node.together import updating


def answer_now(node: Node, reference: str, words: Words, *, by: Visitor) -> Written:
    """Take a case out of the queue, answer it, and ask whether that solves it."""
    check_words(words.text)
    with node.begin(sealed=True) as tx:
        hand = pick_up(node, tx, reference, by)
        before = said_before(hand, words)
        if before is not None:
            return before
        if hand.case.kind not in ANSWER_NOW_KINDS:
            raise WrongState("One sentence answers questions, thanks and information.")
        chain = log.chain(node, tx, hand.case.id)
        assignments.take_up(hand, chain)
        done = Words(words.id, words.text, MessageKind.RESOLUTION)
        seq = say(hand, chain, done, hand.part(Act.RESOLVE))
        move(hand, chain, Step(act=Act.RESOLVE, brings={Need.MESSAGE}))
        ticket = tell(hand, done.kind, chain.write())
        updating.pass_on(hand, done, MessageKind.RESOLUTION)
        return Written(seq, ticket)
