"""A member says how their case was handled, says it anew, or takes it back."""

from sqlalchemy import delete

from governance import feedback as rules
from governance.cases import Part
from governance.errors import IdempotencyMismatch, NotFound
from node import vault
from node.accounts.visitor import Visitor
from node.cases.hand import Hand, role_of
from node.cases.sealing import say
from node.core import Node
from node.feedback import telling
from node.feedback.reaching import findings, handled, is_reviewed, of, own, place
from node.feedback.shapes import Said
from node.models.feedback import Feedback, PeerCopy, PeerFinding


def give(node: Node, reference: str, said: Said, *, by: Visitor) -> None:
    """Say how it was; what was said before goes, with its answer. Safe to repeat."""
    rules.check_said(said.rating, said.text)
    with node.begin(sealed=True) as tx:
        hand = own(node, tx, reference, by)
        known = tx.get(Feedback, said.id)
        if known is not None:
            _require_same(hand, known, said)
            return
        before, where = of(tx, hand.case.id), handled(hand)
        asked = findings(tx, hand.case.id)
        rules.check_say(over=where.over, reviewed=is_reviewed(asked))
        if before is not None:
            _forget(hand)
        ticket = say(hand, role_of(hand, Part.MEMBER), "feedback.give")
        key, text = hand.key(), said.text.strip()
        row = Feedback(
            id=said.id,
            case_id=hand.case.id,
            about_id=where.by,
            rating=vault.seal(node, key, place(said.id, "rating"), str(said.rating)),
            text=vault.seal(node, key, place(said.id, "text"), text) if text else None,
            given_at=node.now(),
            entry_seq=ticket.seq,
        )
        tx.add(row)
        tx.flush()
        telling.given(hand, row, ticket)


def take_back(node: Node, reference: str, *, by: Visitor) -> None:
    """Take back what was said, with its answer: nothing of either is left."""
    with node.begin(sealed=True) as tx:
        hand = own(node, tx, reference, by)
        if of(tx, hand.case.id) is None:
            raise NotFound("There is nothing to take back.")
        asked = findings(tx, hand.case.id)
        rules.check_take_back(reviewed=is_reviewed(asked))
        _forget(hand)
        say(hand, role_of(hand, Part.MEMBER), "feedback.take_back")


def _forget(hand: Hand) -> None:
    # Whoever was asked to look at a copy has nothing to look at any more.
    for model in (PeerFinding, PeerCopy, Feedback):
        hand.tx.execute(delete(model).where(model.case_id == hand.case.id))
    hand.tx.flush()


def _require_same(hand: Hand, row: Feedback, said: Said) -> None:
    key, wanted = hand.key(), (str(said.rating), said.text.strip())
    if row.case_id != hand.case.id or wanted != (
        vault.words(key, place(row.id, "rating"), row.rating),
        vault.words(key, place(row.id, "text"), row.text),
    ):
        raise IdempotencyMismatch("Something else was sent under this number before.")
