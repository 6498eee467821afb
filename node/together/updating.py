"""One person's words to everybody who joined: each reads them in a thread of their own.

They are a person's answer to each of them, and meet what was promised to each.
"""

from uuid import uuid5

from sqlalchemy import select

from governance.cases import Part
from governance.errors import NotYours
from governance.submissions import check_words
from governance.threads import MessageKind
from node import log, walls
from node.accounts.visitor import Visitor
from node.cases.hand import Hand, pick_up
from node.core import Node
from node.models.cases import Case
from node.models.together import CaseJoin
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
        written = _say(hand, words)
        for case in _joined(hand):
            # Its own words for each: the same ones under an id of their own.
            own = Words(uuid5(words.id, str(case.id)), words.text)
            _say(Hand(node, tx, case, by, hand.bylaws), own)
        return written


def _say(hand: Hand, words: Words) -> Written:
    chain = log.chain(hand.node, hand.tx, hand.case.id)
    news = Words(words.id, words.text, MessageKind.UPDATE)
    seq = say(hand, chain, news, Part.ADVOCATE)
    return Written(seq, tell(hand, news.kind, chain.write()))


def _joined(hand: Hand) -> list[Case]:
    # Whoever must not know of a case writes into none of its threads.
    rows = (
        select(Case)
        .join(CaseJoin, CaseJoin.case_id == Case.id)
        .where(
            CaseJoin.matter_id == hand.case.id,
            CaseJoin.left_at.is_(None),
            walls.open_to(hand.by),
        )
        .order_by(Case.id)
        .with_for_update(of=Case)
    )
    return list(hand.tx.scalars(rows))
