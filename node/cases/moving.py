"""One move of a case: allowed, listed, complete, recorded and sealed, or refused.

Every move is an event and a ledger entry in the transaction that makes it; the case
row is only the cache of what these say.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update

from governance import cases as rules
from governance.cases import Act, Need, Outcome, Part, State
from governance.consent import Purpose
from governance.decide import Decision
from governance.predicates import Circumstance, Subject
from governance.retention import CaseRests
from node import governance, log, pledges, published, retention, vault
from node.cases import confirming, consents, handed, joined, reminding
from node.cases.folding import happen, next_seq
from node.cases.hand import Hand, attested, role_of
from node.log import Chain, Saying
from node.models.assignments import Assignment
from node.models.cases import CaseEvent, CaseLink

#: How long a link still opens a case after it closed.
LINKS_LAST = timedelta(days=90)
#: Parts that no person here has.
_NOBODY_HERE = frozenset({Part.RULE, Part.PEER})
#: With this verb somebody offers a case to themselves.
_TAKE = "case.take"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What somebody does, and what they bring to it."""

    act: Act
    brings: AbstractSet[Need] = field(default_factory=frozenset)
    outcome: Outcome | None = None
    #: What the member reads about it.
    reason: str = ""
    #: What only whoever takes over reads.
    note: str = ""
    #: Another holder of the right who agreed to exactly this.
    second: UUID | None = None
    #: When somebody comes back to this.
    due: datetime | None = None
    #: Whom the case is offered to.
    whom: UUID | None = None
    #: Another verb that covers this act, such as taking the next case.
    verb: str = ""
    #: The part, when it is not the visitor's own: a rule's.
    part: Part | None = None
    #: The rule of words behind it, with its version.
    taken: str = ""
    #: Several claimants did it together: none of them is named.
    together: bool = False


def move(hand: Hand, chain: Chain, step: Step) -> int:
    """Make one move; return the number of its ledger entry."""
    part = step.part or hand.part(step.act)
    if hand.case.restricted_at is not None and part is not Part.MEMBER:
        raise CaseRests("The member lets this case rest.")
    decision = governance.require(
        hand.bylaws,
        _asking(hand, part),
        step.verb or rules.verb(step.act),
        hand.what,
        at=Circumstance(
            at=hand.node.now(), confirmed_by={step.second} if step.second else set()
        ),
    )
    before, held = hand.case.state, hand.case.responsible_id
    listed = rules.move(before, step.act, by=part)
    rules.check_needs(listed, _given(step, part))
    rules.check_outcome(listed, step.outcome)
    log.require_writable(hand.node)
    seq = chain.say(
        Saying(
            kind=listed.ledger,
            role=role_of(hand, part),
            channel=None if part in _NOBODY_HERE else attested(hand.by),
            fields=_shown(listed.ledger, step, before, listed.to),
            facts={} if part in _NOBODY_HERE else _facts(hand, step),
        )
    )
    event = _event(hand, step, seq, listed.to)
    nobody = part in _NOBODY_HERE or step.together
    event.actor_id = None if nobody else hand.by.person_id
    event.rule = " ".join(filter(None, (step.taken, _named(hand, decision, part))))
    happen(hand.tx, hand.case, event)
    _settle(hand, step, event)
    if before is State.CLOSED:
        joined.leave(hand, chain)
    done = pledges.Done(
        act=step.act,
        before=before,
        by=event.actor_id,
        held=held,
        due=step.due,
        taken=step.verb == _TAKE,
    )
    pledges.moved(pledges.Book(hand.tx, chain, hand.case, hand.bylaws), done)
    reminding.plan(hand.node, hand.tx, event)
    _tell_everybody(hand, chain, step)
    return seq


def _facts(hand: Hand, step: Step) -> dict[str, str]:
    second = {"second": str(step.second)} if step.second else {}
    taken = {"rule": step.taken} if step.taken else {}
    return {"method": hand.by.kind, **second, **taken}


def _asking(hand: Hand, part: Part) -> Subject:
    if part is Part.RULE:
        return governance.SYSTEM
    return governance.PEER if part is Part.PEER else governance.subject(hand.by)


def _given(step: Step, part: Part) -> frozenset[Need]:
    # What a rule does, it notes by its own name.
    noted = step.note or (part is Part.RULE and step.reason)
    brought = {
        Need.REASON: step.reason,
        Need.NOTE: noted,
        Need.SECOND_PERSON: step.second,
        Need.DATE: step.due,
    }
    return frozenset(step.brings) | {need for need, it in brought.items() if it}


def _tell_everybody(hand: Hand, chain: Chain, step: Step) -> None:
    # A case that was taken back is public for nobody, nor may it be any more.
    if step.act is Act.WITHDRAW:
        consents.end(hand, chain, consents.held(hand, Purpose.PUBLISH))
        published.ended(hand.node, hand.tx, hand.case)
        handed.end(hand.tx, hand.case.id, at=hand.node.now())
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


def _settle(hand: Hand, step: Step, event: CaseEvent) -> None:
    case, now, after = hand.case, hand.node.now(), event.to_state
    confirming.moved(hand, event)
    # Whoever goes on with others comes back to leave them, whenever that is.
    if after is State.CLOSED and step.act is not Act.JOIN:
        retention.begin(hand.node, hand.tx, case)
        retention.pass_on(hand.node, hand.tx, case)
        _end_links(hand, now + LINKS_LAST)
    if step.act in {Act.REOPEN, Act.APPEAL}:
        retention.end(hand.node, hand.tx, case)
        retention.pass_on(hand.node, hand.tx, case)
    if step.act in {Act.REOPEN, Act.APPEAL, Act.DISPUTE}:
        _end_links(hand, None)
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


def _named(hand: Hand, decision: Decision, part: Part) -> str:
    bylaws = f"{hand.bylaws.version}/{hand.bylaws.identity[:15]}"
    # What nobody did, a rule did: it is named, so that members can ask for another.
    return f"{decision.rules[0]} {bylaws}" if part in _NOBODY_HERE else bylaws


def _event(hand: Hand, step: Step, seq: int, after: State) -> CaseEvent:
    node, number = hand.node, next_seq(hand.tx, hand.case)
    place = vault.Place("case_event", "reason", f"{hand.case.id}/{number}")
    reason = step.reason and vault.seal(node, hand.key(), place, step.reason)
    return CaseEvent(
        case_id=hand.case.id,
        seq=number,
        at=node.now(),
        act=step.act,
        from_state=hand.case.state,
        to_state=after,
        outcome=step.outcome,
        whom=step.whom,
        reason=reason or None,
        entry_seq=seq,
    )
