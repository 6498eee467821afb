"""Saying no to a member: in words they get, and never by one person alone."""

from dataclasses import dataclass
from uuid import UUID

from governance import cases as rules
from governance.cases import Act, Need, Outcome
from governance.errors import Denied, WrongState
from governance.submissions import check_words
from governance.threads import MessageKind
from node import governance, log
from node.accounts.visitor import Visitor
from node.cases import seconding
from node.cases.hand import Hand, as_person, pick_up
from node.cases.moving import Step, move
from node.core import Node
from node.log import Ticket
from node.models.seconding import Seconding
from node.threads import Words, say, tell


@dataclass(frozen=True, slots=True)
class Refused:
    """What the member will read, and as what the case will close."""

    text: str
    outcome: Outcome


def propose(node: Node, reference: str, refused: Refused, *, by: Visitor) -> Ticket:
    """Ask a second person to agree that a case is refused; nothing happens before."""
    check_words(refused.text)
    with node.begin() as tx:
        hand = pick_up(node, tx, reference, by)
        listed = rules.move(hand.case.state, Act.REFUSE, by=hand.part(Act.REFUSE))
        rules.check_outcome(listed, refused.outcome)
        who, at = governance.subject(by), node.now()
        verb = rules.verb(Act.REFUSE)
        if not governance.may_with_another(hand.bylaws, who, verb, hand.what, at=at):
            raise Denied("To refuse a case is for coordinators.", rules=("silence",))
        seconding.lapse(tx, hand.case.id, {Act.REFUSE}, at=at)
        seconding.ask(hand, Act.REFUSE, outcome=refused.outcome, words=refused.text)
        return log.ticket(
            tx, hand.case.id, log.chain(node, tx, hand.case.id).next_seq - 1
        )


def agree(node: Node, reference: str, proposal: UUID, *, by: Visitor) -> Ticket:
    """Agree to a refusal: the member gets the words, and the case closes."""
    with node.begin(sealed=True) as tx:
        hand = pick_up(node, tx, reference, by)
        row = seconding.pick(hand, proposal)
        if node.now() - row.asked_at > rules.AGREE_WITHIN:
            raise WrongState("This was asked too long ago. Propose it again.")
        return _refuse(hand, row)


def _refuse(hand: Hand, row: Seconding) -> Ticket:
    # Who proposed it refuses; who agrees is the second person it takes.
    first = as_person(hand, row.asked_by)
    chain = log.chain(hand.node, hand.tx, hand.case.id)
    words = Words(row.id, seconding.words_of(hand, row), MessageKind.REPLY)
    say(first, chain, words, first.part(Act.REFUSE))
    step = Step(
        act=Act.REFUSE,
        brings={Need.MESSAGE},
        outcome=row.outcome,
        second=hand.by.person_id,
    )
    move(first, chain, step)
    seconding.settle(hand, row, agreed=True)
    return tell(first, words.kind, chain.write())


def disagree(node: Node, reference: str, proposal: UUID, *, by: Visitor) -> None:
    """Say no to a refusal, or take one's own back: the case goes on."""
    with node.begin() as tx:
        hand = pick_up(node, tx, reference, by)
        own = [it for it in seconding.waiting(hand) if it.asked_by == by.person_id]
        row = next((it for it in own if it.id == proposal), None)
        seconding.settle(hand, row or seconding.pick(hand, proposal), agreed=False)
