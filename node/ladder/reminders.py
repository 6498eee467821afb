"""Asking a member again what they were asked, and closing only after enough tries."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from governance import pledges as rules
from governance.cases import Act, Outcome, Part, State
from node import jobs, log
from node.cases import confirming, reminding
from node.cases.hand import Hand, by_rule
from node.cases.moving import Step, move
from node.core import Node
from node.ladder import telling
from node.models.cases import CaseEvent
from node.models.people import ContactPoint
from node.models.pledges import ContactAttempt

#: Where somebody without an address finds the question: on the page of their case.
PAGE = "page"
_KINDS = {State.WAITING_MEMBER: "needs-you", State.RESOLVED: "resolved"}


@dataclass(slots=True)
class First:
    """The question itself, as the first time the member was asked."""

    channel: str


def remind(node: Node, subject: str) -> None:
    """Ask the member again; after the last time, close what nobody could answer."""
    case_id, _, number = subject.partition("/")
    with node.begin(sealed=True) as tx:
        hand = by_rule(node, tx, UUID(case_id))
        event = tx.get(CaseEvent, (UUID(case_id), int(number)))
        if hand is None or event is None or not still_asks(hand, event):
            return
        if node.now() < _next_at(hand, event):
            return  # a job that was done twice
        if _asked(hand, event) < len(rules.ASK_AGAIN):
            keep(hand, event.seq, _ask(hand, _KINDS[event.to_state]))
        elif event.act is Act.ASK_MEMBER:
            _give_up(hand, event)


def _ask(hand: Hand, kind: str) -> str:
    # Each claimant of a common matter is asked in their own case.
    for case in confirming.waiting(hand):
        other = Hand(hand.node, hand.tx, case, hand.by, hand.bylaws)
        telling.member(other, kind, None)
    row = confirming.own(hand)
    answered = row is not None and row.answer is not None
    return "email" if not answered and telling.member(hand, kind, None) else PAGE


def still_asks(hand: Hand, event: CaseEvent) -> bool:
    """Say whether the case still waits for what its member was asked then."""
    last = select(func.max(CaseEvent.seq)).where(CaseEvent.case_id == hand.case.id)
    return hand.tx.scalar(last) == event.seq and event.to_state in _KINDS


def _asked(hand: Hand, event: CaseEvent) -> int:
    return len([one for one in tries(hand, event.seq) if one.by_id is None])


def _next_at(hand: Hand, event: CaseEvent) -> datetime:
    plan = reminding.PLANS[event.act]
    return event.at + plan[min(_asked(hand, event), len(plan) - 1)]


def tries(hand: Hand, event_seq: int) -> tuple[ContactAttempt, ...]:
    """Return how often the member was asked again since they were asked."""
    rows = select(ContactAttempt).where(
        ContactAttempt.case_id == hand.case.id, ContactAttempt.event_seq == event_seq
    )
    return tuple(hand.tx.scalars(rows.order_by(ContactAttempt.number)))


def keep(
    hand: Hand, event_seq: int, channel: str, entry_seq: int | None = None
) -> None:
    """Write down that the member was asked once more, and by which way."""
    number = len(tries(hand, event_seq)) + 1
    hand.tx.add(
        ContactAttempt(
            case_id=hand.case.id,
            event_seq=event_seq,
            number=number,
            channel=channel,
            at=hand.node.now(),
            by_id=hand.by.person_id,
            entry_seq=entry_seq,
        )
    )
    hand.tx.flush()


def ways(hand: Hand) -> frozenset[str]:
    """Return by which ways the member can be reached at all."""
    kinds = select(ContactPoint.kind).where(
        ContactPoint.person_id == hand.case.member_id
    )
    found = frozenset(kind.value for kind in hand.tx.scalars(kinds))
    return found or frozenset({PAGE})


def _give_up(hand: Hand, event: CaseEvent) -> None:
    node, tx, case = hand.node, hand.tx, hand.case
    known = ways(hand)
    # The question itself was the first time.
    asked: list[rules.Reached] = [
        First("email" if "email" in known else PAGE),
        *tries(hand, event.seq),
    ]
    needed = hand.bylaws.cases.contact_attempts
    if rules.is_enough(asked, known, attempts=needed):
        chain = log.chain(node, tx, case.id)
        outcome = Outcome.UNREACHABLE
        move(hand, chain, Step(act=Act.NO_ANSWER, outcome=outcome, part=Part.RULE))
        telling.member(hand, "case.unreachable", chain.write())
        return
    # Silence on one way closes nothing: whoever works on it tries another.
    telling.reach_them(hand)
    subject, again = f"{case.id}/{event.seq}", node.now() + rules.TRY_AGAIN
    key = f"{reminding.JOB}/{subject}/{again.isoformat()}"
    jobs.put(node, tx, jobs.Asked(reminding.JOB, subject, again, None, key))
