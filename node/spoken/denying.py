"""A member says that something that was written down never was.

It stays in the history with that beside it, keeps no promise any more, and those who
coordinate hear of it.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from governance.cases import Part
from governance.errors import NotFound, NotYours
from governance.threads import Direction
from node import jobs, log, notices, people, pledges
from node.accounts.visitor import Visitor
from node.cases.hand import Hand, as_person, attested, pick_up, role_of, sees
from node.core import Node
from node.ladder import rungs, telling
from node.log import Chain, Saying, Ticket
from node.models.pledges import Pledge
from node.models.threads import Message, Spoken, SpokenPledge
from node.notices import About


def deny(node: Node, reference: str, message_id: UUID, *, by: Visitor) -> None:
    """Say that something never was; promises it kept are owed again. Safe twice."""
    with node.begin(sealed=True) as tx:
        hand = pick_up(node, tx, reference, by)
        if not hand.own:
            raise NotYours("Only its member says that something never was.")
        row = tx.get(Spoken, message_id)
        if row is None or row.case_id != hand.case.id:
            raise NotFound("There is nothing like that in this case.")
        if row.denied_at is not None:
            return
        row.denied_at = node.now()
        tx.flush()
        chain = log.chain(node, tx, hand.case.id)
        chain.say(
            Saying(
                kind="status",
                role=role_of(hand, Part.MEMBER),
                channel=attested(hand.by),
                facts={"message": str(message_id), "method": hand.by.kind},
                fields={"action": "denied"},
            )
        )
        _take_back(hand, chain, message_id)
        _tell_desk(hand, row, chain.write())


def _take_back(hand: Hand, chain: Chain, message_id: UUID) -> None:
    tx, now = hand.tx, hand.node.now()
    rows = tx.scalars(
        select(SpokenPledge).where(SpokenPledge.message_id == message_id)
    ).all()
    did = pledges.Effect(
        frozenset(row.pledge_id for row in rows if not row.begun),
        frozenset(row.pledge_id for row in rows if row.begun),
    )
    said = [one for one in _standing(hand) if one.human]
    hand.case.member_wrote_last = not said or said[-1].direction is Direction.IN
    denied = tx.get(Message, message_id)
    after = [
        one.sent_at
        for one in said
        if one.direction is Direction.OUT
        and (denied is None or one.entry_seq > denied.entry_seq)
    ]
    book = pledges.Book(tx, chain, hand.case, hand.bylaws)
    answered = min(after, default=None)
    for pledge in pledges.take_back(book, did, answered=answered):
        if pledge.missed_at is not None:
            _climb_on(hand, pledge, now)


def _standing(hand: Hand) -> list[Message]:
    """Return what was written or said in a case, but for what never was."""
    denied = select(Spoken.message_id).where(
        Spoken.case_id == hand.case.id, Spoken.denied_at.is_not(None)
    )
    rows = select(Message).where(
        Message.case_id == hand.case.id, Message.id.not_in(denied)
    )
    return list(hand.tx.scalars(rows.order_by(Message.entry_seq)))


def _climb_on(hand: Hand, pledge: Pledge, now: datetime) -> None:
    # The call ended the ladder, so its next step waits for nobody any more.
    key = f"{rungs.STEP}/{pledge.id}/{now.isoformat()}"
    asked = jobs.Asked(rungs.STEP, str(pledge.id), now, None, key)
    jobs.put(hand.node, hand.tx, asked)


def _tell_desk(hand: Hand, row: Spoken, ticket: Ticket) -> None:
    node, reference = hand.node, hand.case.reference
    link = f"{node.settings.origin}/desk/cases/{reference}"
    values = {"reference": reference, "link": link}
    about = About("spoken.denied", values, hand.case.id, ticket.oid)
    # Whoever wrote it down is not the only one who hears of it.
    told = set(telling.leads(hand))
    if sees(as_person(hand, row.captured_by)):
        told.add(row.captured_by)
    for person in sorted(told):
        point = people.mail_of(hand.tx, person)
        if point is not None:
            notices.queue(node, hand.tx, point, about)
