"""A case that waits: for somebody outside, or for its member; and what ends that."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID

from sqlalchemy import select

from governance.cases import Act, Need
from governance.delays import Reading
from governance.errors import ChoiceInvalid
from governance.submissions import check_words
from node import log, vault
from node.accounts.visitor import Visitor
from node.cases import conflicts
from node.cases.hand import Hand, pick_up
from node.cases.moving import Step, move
from node.core import Node
from node.ids import new_id
from node.log import Ticket
from node.models.bodies import Inquiry


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody outside is asked, and when we come back to it."""

    whom: str
    what: str
    #: A moment, or a day of the community's calendar.
    until: datetime | date


def ask_other(node: Node, reference: str, asked: Asked, *, by: Visitor) -> Ticket:
    """Note that somebody outside was asked; the case waits for them until a day."""
    whom, what = asked.whom.strip(), asked.what.strip()
    if not (whom and what):
        raise ChoiceInvalid("Say who was asked, and for what.", field="whom")
    check_words(f"{whom}: {what}")
    with node.begin(sealed=True) as tx:
        hand = pick_up(node, tx, reference, by)
        until = _moment(hand, asked.until)
        if until <= node.now():
            raise ChoiceInvalid("Choose a day to come.", field="until")
        chain = log.chain(node, tx, hand.case.id)
        step = Step(
            act=Act.ASK_OTHER,
            brings={Need.WHOM},
            reason=f"{whom}: {what}",
            due=until,
        )
        _keep(hand, whom, until, move(hand, chain, step))
        conflicts.look(hand, chain)
        return chain.write()


def _moment(hand: Hand, until: datetime | date) -> datetime:
    if isinstance(until, datetime):
        return until
    return datetime.combine(until, time(), hand.bylaws.calendar.zone).astimezone(UTC)


def _keep(hand: Hand, whom: str, until: datetime, seq: int) -> None:
    node, id_ = hand.node, new_id(hand.node)
    row = Inquiry(
        id=id_,
        case_id=hand.case.id,
        whom=vault.seal(node, hand.key(), _place(id_), whom),
        entry_seq=seq,
        asked_at=node.now(),
        due_at=until,
    )
    hand.tx.add(row)
    hand.tx.flush()


def _place(id_: UUID) -> vault.Place:
    return vault.Place("inquiry", "whom", id_)


def other_replied(
    node: Node,
    reference: str,
    answer: str,
    *,
    by: Visitor,
    reading: Reading = Reading.ANSWERED,
) -> Ticket:
    """File what somebody outside answered, and what it comes to; the case goes on."""
    check_words(answer)
    with node.begin(sealed=True) as tx:
        hand = pick_up(node, tx, reference, by)
        chain = log.chain(node, tx, hand.case.id)
        move(hand, chain, Step(act=Act.OTHER_REPLIED, reason=answer.strip()))
        row = latest(hand)
        if row is not None:
            row.answered_at, row.reading = node.now(), reading
        return chain.write()


def come_back(node: Node, reference: str, *, by: Visitor) -> Ticket:
    """Come back before the day to a case that waits for somebody outside."""
    with node.begin(sealed=True) as tx:
        hand = pick_up(node, tx, reference, by)
        chain = log.chain(node, tx, hand.case.id)
        move(hand, chain, Step(act=Act.FOLLOW_UP_DUE))
        return chain.write()


def resume(node: Node, reference: str, reason: str, *, by: Visitor) -> Ticket:
    """Go on with a case that waits for its member, with a reason they can read."""
    with node.begin(sealed=True) as tx:
        hand = pick_up(node, tx, reference, by)
        chain = log.chain(node, tx, hand.case.id)
        move(hand, chain, Step(act=Act.RESUME, reason=reason.strip()))
        return chain.write()


def latest(hand: Hand) -> Inquiry | None:
    """Return what was asked last of somebody outside; None when nothing was."""
    # By its entry: two questions can be of the same moment.
    query = select(Inquiry).where(Inquiry.case_id == hand.case.id)
    return hand.tx.scalar(query.order_by(Inquiry.entry_seq.desc()).limit(1))


def whom(hand: Hand, row: Inquiry) -> str:
    """Return who was asked; nothing where it was erased."""
    return vault.words(hand.key(), _place(row.id), row.whom)
