"""The steps of the ladder: which is next, when, and that it was taken."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from governance import pledges as rules
from governance.cases import LIVE, State
from governance.pledges import PledgeState, Rung
from ledger.entry import Role
from node import jobs, pledges
from node.cases.hand import Hand
from node.ladder import telling
from node.log import Chain, Saying, Ticket
from node.models.pledges import Escalation, Pledge

STEP = "ladder.step"
#: Where a promise that is not kept still matters.
CLIMBS = LIVE | {State.RESOLVED}


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that is taken now."""

    rung: Rung
    #: Who asked for it; None when a rule did.
    by: UUID | None = None
    #: What the member chose of what was offered.
    choice: str = ""


def next_rung(hand: Hand, pledge: Pledge) -> Rung | None:
    """Return the next step of a missed promise; None where there is none."""
    if pledge.state is not PledgeState.OVERDUE or pledge.missed_at is None:
        return None
    if hand.case.state not in CLIMBS or pledge.kind not in rules.BEGINS:
        return None
    now = Rung.RELEASE if pledge.rung is None else Rung(pledge.rung)
    return None if now is Rung.OFFER else Rung(max(now + 1, Rung.RAISE))


def at(hand: Hand, pledge: Pledge, rung: Rung) -> datetime:
    """Return when a missed promise reaches a step."""
    due = pledge.due_at or hand.node.now()
    calendar = pledges.terms(hand.node, hand.tx, pledge).calendar
    return rules.rung_at(pledge, calendar, rung, due=due)


def step(
    hand: Hand, chain: Chain, pledge: Pledge, rung: Rung, *, by: UUID | None = None
) -> Ticket:
    """Take one step: write it down, tell whom it is for, and plan the next one."""
    reach(hand, chain, pledge, Taken(rung, by))
    following = next_rung(hand, pledge)
    when = at(hand, pledge, following) if following is not None else None
    ticket = chain.write()
    if when is not None:
        key = f"{STEP}/{pledge.id}/{int(rung)}"
        asked = jobs.Asked(STEP, str(pledge.id), when, ticket.oid, key)
        jobs.put(hand.node, hand.tx, asked)
    # The date of the next step is also the new one that the member is given.
    telling.told(hand, rung, ticket, due=when)
    return ticket


def reach(hand: Hand, chain: Chain, pledge: Pledge, taken: Taken) -> None:
    """Write down that a case reached a step, or what its member chose there."""
    rung = int(taken.rung)
    facts = {"pledge": str(pledge.id), "kind": pledge.kind.value, "step": str(rung)}
    if taken.choice:
        facts["choice"] = taken.choice
    seq = chain.say(Saying(kind="escalate", role=Role.NODE, facts=facts))
    pledge.rung = rung
    hand.tx.add(
        Escalation(
            case_id=hand.case.id,
            entry_seq=seq,
            pledge_id=pledge.id,
            rung=rung,
            at=hand.node.now(),
            actor_id=taken.by,
            choice=taken.choice,
        )
    )
    hand.tx.flush()
