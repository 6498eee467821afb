"""Whom it is about answers what a member said, once."""

from governance import feedback as rules
from governance.errors import NotFound
from governance.submissions import check_words
from ledger.entry import Role
from node import vault
from node.accounts.visitor import Visitor
from node.cases.sealing import say
from node.core import Node
from node.feedback import telling
from node.feedback.reaching import at_hand, part, place


def answer(node: Node, reference: str, text: str, *, by: Visitor) -> None:
    """Answer what a member said about how their case was handled."""
    check_words(text)
    with node.begin(sealed=True) as tx:
        hand, row = at_hand(node, tx, reference, by, lock=True)
        if row is None:
            raise NotFound("Nobody said anything to answer.")
        mine = part(hand, row)
        answered = row.answered_at is not None
        rules.check_answer(nobody=row.about_id is None, answered=answered, **mine)
        role = Role.ADVOCATE if mine["about"] else Role.COORDINATOR
        ticket = say(hand, role, "feedback.answer")
        row.answer = vault.seal(node, hand.key(), place(row.id, "answer"), text.strip())
        row.answered_by, row.answered_at = by.person_id, node.now()
        row.answer_seq = ticket.seq
        telling.answered(hand, ticket)
