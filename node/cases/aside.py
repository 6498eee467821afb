"""Putting aside what is no case: with a reason, seen by a second person, for a while.

What nobody else has looked at is never destroyed; stewards hear of it instead.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from governance import cases as rules
from governance.cases import Act, State
from governance.errors import Denied, WrongState
from node import governance, jobs, log, pledges, reviews, vault, walls
from node.accounts.visitor import Visitor
from node.cases import seconding
from node.cases.chances import may_restore
from node.cases.hand import Hand, reach
from node.cases.lists import PAGE
from node.cases.moving import Step, move
from node.core import Node
from node.log import Ticket
from node.models.cases import Case, CaseEvent
from node.models.seconding import Seconding
from node.notices import About

#: The alarm when nobody looked; and the end of what somebody did look at.
UNSEEN, PURGE = "case.unseen", "case.purge"

_JUST_AFTER = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """A case that was put aside, for the second person who looks at it."""

    reference: str
    proposal: UUID
    title: str
    reason: str
    at: datetime
    #: Whether the viewer can be the second person.
    yours: bool


def discard(node: Node, reference: str, reason: str, *, by: Visitor) -> Ticket:
    """Put aside what is no case; its member can bring it back for a while."""
    with node.begin(sealed=True) as tx:
        hand = reach(node, tx, reference, by, rules.verb(Act.DISCARD))
        return put_aside(hand, reason)


def put_aside(hand: Hand, reason: str) -> Ticket:
    """Put aside a case in hand, and ask for a second person to look at it."""
    node, tx = hand.node, hand.tx
    chain = log.chain(node, tx, hand.case.id)
    move(hand, chain, Step(act=Act.DISCARD, reason=reason.strip()))
    row = seconding.ask(hand, Act.DISCARD)
    ticket = chain.write()
    later, id_ = node.now() + rules.SEEN_WITHIN, str(row.id)
    jobs.put(node, tx, jobs.Asked(UNSEEN, id_, later, ticket.oid))
    return ticket


def restore(node: Node, reference: str, *, by: Visitor) -> Ticket:
    """Bring back what was put aside, within the community's time for that."""
    with node.begin(sealed=True) as tx:
        hand = reach(node, tx, reference, by, rules.verb(Act.RESTORE))
        if hand.case.state is State.DISCARDED and not may_restore(hand):
            raise WrongState("The time to bring this back is over. Tell us anew.")
        chain = log.chain(node, tx, hand.case.id)
        # No preset names this right of the member; bringing back is what they may.
        verb = rules.verb(Act.REOPEN) if hand.own else ""
        move(hand, chain, Step(act=Act.RESTORE, verb=verb))
        seconding.lapse(tx, hand.case.id, {Act.DISCARD}, at=node.now())
        return chain.write()


def seen(node: Node, reference: str, proposal: UUID, *, by: Visitor) -> None:
    """Agree, as a second person, that this is no case."""
    with node.begin() as tx:
        hand = reach(node, tx, reference, by, rules.verb(Act.DISCARD))
        seconding.settle(hand, seconding.pick(hand, proposal), agreed=True)
        pledges.void(tx, hand.case, at=node.now())
        last_day = _put_aside_at(hand) + timedelta(days=hand.bylaws.cases.restore_days)
        due = max(last_day + _JUST_AFTER, node.now())
        key = f"{PURGE}/{proposal}"
        jobs.put(node, tx, jobs.Asked(PURGE, str(hand.case.id), due, None, key))


def _put_aside_at(hand: Hand) -> datetime:
    found = hand.tx.scalars(
        select(CaseEvent.at)
        .where(CaseEvent.case_id == hand.case.id, CaseEvent.act == Act.DISCARD)
        .order_by(CaseEvent.seq.desc())
        .limit(1)
    )
    return found.one()


def set_aside(node: Node, *, by: Visitor) -> tuple[Aside, ...]:
    """Return what was put aside and nobody else has looked at yet, the oldest first."""
    with node.read() as tx:
        bylaws, now = governance.in_force(node, tx), node.now()
        if not governance.reach(bylaws, by, rules.verb(Act.DISCARD), at=now):
            raise Denied("To put cases aside is for coordinators.", rules=("silence",))
        rows = tx.execute(
            select(Seconding, Case)
            .join(Case, Case.id == Seconding.case_id)
            .where(
                Seconding.act == Act.DISCARD,
                Seconding.ended_at.is_(None),
                Case.state == State.DISCARDED,
                walls.open_to(by),
            )
            .order_by(Seconding.asked_at)
            .limit(PAGE)
        ).all()
        return tuple(
            _aside(Hand(node, tx, case, by, bylaws), row) for row, case in rows
        )


def _aside(hand: Hand, row: Seconding) -> Aside:
    case, key = hand.case, hand.key()
    event = hand.tx.scalars(
        select(CaseEvent)
        .where(CaseEvent.case_id == case.id, CaseEvent.act == Act.DISCARD)
        .order_by(CaseEvent.seq.desc())
        .limit(1)
    ).one()
    place = vault.Place("case_event", "reason", f"{case.id}/{event.seq}")
    return Aside(
        reference=case.reference,
        proposal=row.id,
        title=vault.words(key, vault.Place("case", "title", case.id), case.title),
        reason=vault.words(key, place, event.reason),
        at=event.at,
        yours=seconding.may_second(hand, row),
    )


def warn(node: Node, proposal: str) -> None:
    """Tell stewards that nobody else has looked at what was put aside; once."""
    with node.begin() as tx:
        row = tx.get(Seconding, UUID(proposal))
        if row is None or row.ended_at is not None:
            return
        case = tx.get_one(Case, row.case_id)
        link = f"{node.settings.origin}/desk/aside"
        values = {"reference": case.reference, "link": link}
        reviews.tell_stewards(node, tx, About("case.unseen", values, case.id))


def is_over(hand: Hand) -> bool:
    """Say whether a case that was put aside is to be destroyed now."""
    if hand.case.state is not State.DISCARDED or may_restore(hand):
        return False
    return _was_seen(hand)


def _was_seen(hand: Hand) -> bool:
    rows = hand.tx.scalars(
        select(Seconding)
        .where(Seconding.case_id == hand.case.id, Seconding.act == Act.DISCARD)
        .order_by(Seconding.asked_at.desc())
        .limit(1)
    )
    return any(row.agreed for row in rows)
