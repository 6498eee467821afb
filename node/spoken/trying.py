"""That somebody tried to reach a member who was asked something, and nobody answered.

It counts towards the tries without which silence closes nothing. Its member reads who
tried, by which way and when.
"""

from types import MappingProxyType

from sqlalchemy import select

from governance import pledges as rules
from governance.cases import Part, State
from governance.errors import ChoiceInvalid, NotYours, WrongState
from governance.intake import Channel
from governance.people import ContactKind
from node import log
from node.accounts.visitor import Visitor
from node.cases.hand import Hand, attested, pick_up, role_of
from node.core import Node
from node.ladder import reminders
from node.log import Saying, Ticket
from node.models.cases import CaseEvent

#: By which ways somebody tries, and how a member's contacts name the same.
WAYS = MappingProxyType(
    {
        Channel.PHONE: ContactKind.PHONE,
        Channel.IN_PERSON: ContactKind.IN_PERSON,
        Channel.LETTER: ContactKind.POSTAL,
    }
)


def tried(node: Node, reference: str, way: Channel, *, by: Visitor) -> Ticket:
    """Write down that a member was tried to be reached, and nobody answered."""
    if way not in WAYS:
        raise ChoiceInvalid("Choose a call, a letter or a visit.", field="channel")
    with node.begin(sealed=True) as tx:
        hand = pick_up(node, tx, reference, by)
        if hand.own or not hand.may("case.reply"):
            raise NotYours("To try to reach its member is for whoever works on a case.")
        event = _question(hand)
        before = reminders.tries(hand, event.seq)
        rules.check_try(WAYS[way], before, at=node.now())
        log.require_writable(node)
        chain = log.chain(node, tx, hand.case.id)
        state = hand.case.state.value
        fields = {"action": "tried", "from": state, "to": state, "reason": way.value}
        seq = chain.say(
            Saying(
                kind="status",
                role=role_of(hand, Part.ADVOCATE),
                channel=attested(by),
                fields=fields,
                facts={"method": by.kind},
            )
        )
        reminders.keep(hand, event.seq, WAYS[way].value, seq)
        return chain.write()


def _question(hand: Hand) -> CaseEvent:
    """Return the event that asked the member what they have not answered."""
    if hand.case.state is not State.WAITING_MEMBER:
        raise WrongState("The case waits for no answer of its member.")
    mine = select(CaseEvent).where(CaseEvent.case_id == hand.case.id)
    return hand.tx.scalars(mine.order_by(CaseEvent.seq.desc()).limit(1)).one()
