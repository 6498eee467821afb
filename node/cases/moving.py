"""One move of a case: allowed, listed, complete, recorded and sealed, or refused.

Every move is an event and a ledger entry in the transaction that makes it; the case
row is only the cache of what these say.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from governance import cases as rules
from governance.cases import Act, Need, Outcome, Part, State
from governance.consent import Purpose
from node import governance, log, published, vault
from node.cases import consents
from node.cases.hand import Hand, attested, role_of
from node.log import Chain, Saying
from node.models.assignments import Assignment
from node.models.cases import CaseEvent, CaseLink

#: How long a link still opens a case after it closed.
LINKS_LAST = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What somebody does, and what they bring to it."""

    act: Act
    brings: AbstractSet[Need] = field(default_factory=frozenset)
    outcome: Outcome | None = None
    reason: str = ""
    #: Another verb that covers this act, such as taking the next case.
    verb: str = ""
    #: The part, when it is not the visitor's own: a rule's.
    part: Part | None = None


def move(hand: Hand, chain: Chain, step: Step) -> int:
    """Make one move; return the number of its ledger entry."""
    part = step.part or hand.part(step.act)
    if part is not Part.RULE:
        governance.require(
            hand.bylaws,
            governance.subject(hand.by),
            step.verb or rules.verb(step.act),
            hand.what,
            at=hand.node.now(),
        )
    before = hand.case.state
    listed = rules.move(before, step.act, by=part)
    given = step.brings | ({Need.REASON, Need.NOTE} if step.reason else frozenset())
    rules.check_needs(listed, given)
    rules.check_outcome(listed, step.outcome)
    log.require_writable(hand.node)
    seq = chain.say(
        Saying(
            kind=listed.ledger,
            role=role_of(hand, part),
            channel=None if part is Part.RULE else attested(hand.by),
            fields=_shown(listed.ledger, step, before, listed.to),
            facts={} if part is Part.RULE else {"method": hand.by.kind},
        )
    )
    _settle(hand, step, listed.to)
    record(hand, step, part, before, seq)
    _tell_everybody(hand, chain, step)
    return seq


def _tell_everybody(hand: Hand, chain: Chain, step: Step) -> None:
    # A case that was taken back is public for nobody, nor may it be any more.
    if step.act is Act.WITHDRAW:
        consents.end(hand, chain, consents.held(hand, Purpose.PUBLISH))
        published.ended(hand.node, hand.tx, hand.case)
    else:
        published.moved(hand.node, hand.tx, hand.case)


def _shown(kind: str, step: Step, before: State, after: State) -> dict[str, str | None]:
    if kind == "status":
        return {
            "action": step.act.value,
            "from": before.value,
            "to": after.value,
            "reason": step.reason,
        }
    return {"reason": step.reason or (step.outcome.value if step.outcome else "")}


def _settle(hand: Hand, step: Step, after: State) -> None:
    case, now = hand.case, hand.node.now()
    case.state = after
    if after is State.CLOSED:
        case.outcome, case.closed_at = step.outcome, now
        _end_links(hand, now + LINKS_LAST)
    if step.act in {Act.REOPEN, Act.APPEAL, Act.DISPUTE}:
        case.outcome, case.closed_at = None, None
        _end_links(hand, None)
        case.reopened += 1
    case.disputed = step.act is Act.DISPUTE or (
        case.disputed and after not in {State.RESOLVED, State.CLOSED}
    )
    if after is State.QUEUED:
        case.responsible_id = None
    if after in {State.QUEUED, State.CLOSED}:
        hand.tx.execute(
            update(Assignment)
            .where(Assignment.case_id == case.id, Assignment.ended_at.is_(None))
            .values(ended_at=now, end_reason=step.act.value)
        )


def _end_links(hand: Hand, at: datetime | None) -> None:
    hand.tx.execute(
        update(CaseLink).where(CaseLink.case_id == hand.case.id).values(expires_at=at)
    )


def record(hand: Hand, step: Step, part: Part, before: State | None, seq: int) -> None:
    """Write down the event of a move."""
    number = hand.tx.scalar(
        select(func.count()).where(CaseEvent.case_id == hand.case.id)
    )
    place = vault.Place("case_event", "reason", f"{hand.case.id}/{number}")
    reason = (
        vault.seal(hand.node, hand.key(), place, step.reason) if step.reason else None
    )
    hand.tx.add(
        CaseEvent(
            case_id=hand.case.id,
            seq=number or 0,
            at=hand.node.now(),
            act=step.act,
            from_state=before,
            to_state=hand.case.state,
            actor_id=None if part is Part.RULE else hand.by.person_id,
            rule=f"{hand.bylaws.version}/{hand.bylaws.identity[:15]}",
            reason=reason,
            entry_seq=seq,
        )
    )
    hand.tx.flush()
