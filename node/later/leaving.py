"""A reply whose moment came: it leaves as if its author sent it now, or stays here.

What stays is told its author, who reads why at the case.
"""

from uuid import UUID

from sqlalchemy.orm import Session

from governance.cases import Part
from governance.consent import Purpose
from governance.later import LaterEnd, Withheld, withheld
from governance.threads import MessageKind
from node import log, notices, people, threads, vault
from node.cases.hand import Hand, agreed, as_person, by_rule, sees
from node.core import Node
from node.log import Ticket
from node.models.later import LaterReply
from node.threads import Words

JOB = "threads.later"


def send(node: Node, reply_id: str) -> None:
    """Send a reply whose moment came, if its author still may; once."""
    with node.begin(sealed=True) as tx:
        found = _due(node, tx, UUID(reply_id))
        if found is None:
            return
        depart(*found)


def depart(hand: Hand, row: LaterReply) -> Ticket | None:
    """Send a reply as its author, or keep it here with the reason."""
    node, tx = hand.node, hand.tx
    why = withheld(
        hand.case.state,
        may=may_send(hand),
        agreed=agreed(tx, hand.case.id, Purpose.HANDLE_CASE, at=node.now()),
    )
    if why is not None:
        _hold(hand, row, why)
        return None
    text = vault.words(hand.key(), place(row.id), row.body)
    words = Words(row.id, text, began=row.text_id, second=row.second_id)
    row.ended_at, row.end, row.body = node.now(), LaterEnd.SENT, None
    chain = log.chain(node, tx, hand.case.id)
    threads.say(hand, chain, words, Part.ADVOCATE)
    return threads.tell(hand, MessageKind.REPLY, chain.write())


def give_up(node: Node, reply_id: str, problem: str) -> None:
    """Keep a reply that could not be sent however often it was tried, and say so."""
    del problem
    with node.begin() as tx:
        found = _due(node, tx, UUID(reply_id))
        if found is not None:
            _hold(*found, Withheld.FAILED)


def may_send(hand: Hand) -> bool:
    """Say whether somebody could reply in a case now."""
    return not hand.own and hand.may("case.reply")


def place(reply_id: UUID) -> vault.Place:
    """Return where the words of a reply that waits stand."""
    return vault.Place(LaterReply.__tablename__, "body", reply_id)


def _due(node: Node, tx: Session, reply_id: UUID) -> tuple[Hand, LaterReply] | None:
    row = tx.get(LaterReply, reply_id)
    hand = by_rule(node, tx, row.case_id) if row else None
    if row is None or hand is None:
        return None
    # Behind the lock of the case somebody may have changed it or taken it back.
    tx.refresh(row, with_for_update=True)
    if row.end is not None or row.text_id is not None or row.due_at > node.now():
        return None
    return as_person(hand, row.author_id), row


def _hold(hand: Hand, row: LaterReply, why: Withheld) -> None:
    """Keep a reply here and tell its author; who sees no case is told of none."""
    node, tx, case = hand.node, hand.tx, hand.case
    row.ended_at, row.end, row.why = node.now(), LaterEnd.HELD, why
    point = people.mail_of(tx, row.author_id)
    if point is None:
        return
    if not sees(hand):
        notices.queue(node, tx, point, notices.About("later.gone", {}))
        return
    link = f"{node.settings.origin}/desk/cases/{case.reference}"
    values = {"reference": case.reference, "link": link}
    notices.queue(node, tx, point, notices.About("later.held", values, case.id))
