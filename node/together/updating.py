"""One person's words to everybody who joined: each reads them in a thread of their own.

They are a person's answer to each of them, and meet what was promised to each.
"""

from dataclasses import replace
from uuid import uuid5

from governance.cases import Part
from governance.errors import NotYours
from governance.submissions import check_words
from governance.threads import MessageKind
from node import log
from node.accounts.visitor import Visitor
from node.cases import joined
from node.cases.hand import Hand, pick_up
from node.core import Node
from node.threads import Words, Written, said_before, say, tell


def update(node: Node, reference: str, words: Words, *, by: Visitor) -> Written:
    """Tell everybody who joined, and the case's own member, how it goes on."""
    check_words(words.text)
    with node.begin(sealed=True) as tx:
        hand = pick_up(node, tx, reference, by)
        before = said_before(hand, words)
        if before is not None:
            return before
        if hand.own or not hand.may("case.reply"):
            raise NotYours("To write to all is for the advocate who works on it.")
        written = _say(hand, words, MessageKind.UPDATE)
        pass_on(hand, words, MessageKind.UPDATE)
        return written


def pass_on(hand: Hand, words: Words, told: MessageKind) -> None:
    """Put somebody's words into the thread of everybody who joined, as news."""
    for case in joined.open_cases(hand):
        # Its own words for each: the same ones under an id of their own.
        own = replace(words, id=uuid5(words.id, str(case.id)), authored=None)
        _say(Hand(hand.node, hand.tx, case, hand.by, hand.bylaws), own, told)


def _say(hand: Hand, words: Words, told: MessageKind) -> Written:
    chain = log.chain(hand.node, hand.tx, hand.case.id)
    # What it began with goes along: what speaks for the community needs a second
    # person here, too.
    news = replace(words, kind=MessageKind.UPDATE, authored=None)
    seq = say(hand, chain, news, Part.ADVOCATE)
    return Written(seq, tell(hand, told, chain.write()))
