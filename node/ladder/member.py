"""What a member does on the ladder: ask for the next step now, or choose at its end."""

from dataclasses import dataclass

from sqlalchemy import select

from governance.errors import NotYours, WrongState
from governance.pledges import Choice, PledgeState, Rung
from node import governance, log
from node.accounts.visitor import Visitor
from node.cases.hand import Hand, pick_up
from node.core import Node
from node.ladder import telling
from node.ladder.rungs import Taken, next_rung, reach, step
from node.log import Ticket
from node.models.pledges import Escalation, Pledge

ESCALATE = "case.escalate"


@dataclass(frozen=True, slots=True)
class Stands:
    """How far up the ladder a case is, for its member."""

    #: The highest step of what is still not kept; None where all is.
    rung: Rung | None = None
    #: Whether the member can ask for the next step now.
    may_escalate: bool = False
    #: Whether the member is asked to choose.
    offered: bool = False
    #: What they chose last; None before.
    choice: Choice | None = None


def stands(node: Node, reference: str, *, by: Visitor) -> Stands:
    """Return how far up a case is; nothing to anybody but its member."""
    with node.read() as tx:
        hand = pick_up(node, tx, reference, by, lock=False)
        if not hand.own:
            return Stands()
        missed = _missed(hand)
        reached = [one.rung for one in missed if one.rung is not None]
        offered = _offered(missed)
        return Stands(
            rung=Rung(max(reached)) if reached else None,
            may_escalate=_next(hand, missed) is not None and hand.may(ESCALATE),
            offered=offered is not None,
            choice=_chosen(hand, offered) if offered else None,
        )


def escalate(node: Node, reference: str, *, by: Visitor) -> Ticket:
    """Take a case one step further up now, because a promise in it was missed."""
    with node.begin(sealed=True) as tx:
        hand = _own(pick_up(node, tx, reference, by))
        found = _next(hand, _missed(hand))
        if found is None:
            raise WrongState("No promise in this case waits to be taken further up.")
        pledge, rung = found
        chain = log.chain(node, tx, hand.case.id)
        return step(hand, chain, pledge, rung, by=by.person_id)


def choose(node: Node, reference: str, choice: Choice, *, by: Visitor) -> Ticket:
    """Write down what the member wants to happen. Nothing is sent anywhere by it."""
    with node.begin(sealed=True) as tx:
        hand = _own(pick_up(node, tx, reference, by))
        pledge = _offered(_missed(hand))
        if pledge is None:
            raise WrongState(
                "Nothing was offered in this case that waits for a choice."
            )
        chain = log.chain(node, tx, hand.case.id)
        taken = Taken(Rung.OFFER, by.person_id, choice.value)
        reach(hand, chain, pledge, taken)
        ticket = chain.write()
        telling.chosen(hand, ticket)
        return ticket


def _own(hand: Hand) -> Hand:
    if not hand.own:
        raise NotYours("Only its member takes a case further up this way.")
    who, at = governance.subject(hand.by), hand.node.now()
    governance.require(hand.bylaws, who, ESCALATE, hand.what, at=at)
    return hand


def _missed(hand: Hand) -> list[Pledge]:
    rows = select(Pledge).where(
        Pledge.case_id == hand.case.id, Pledge.state == PledgeState.OVERDUE
    )
    return list(hand.tx.scalars(rows.order_by(Pledge.due_at, Pledge.id)))


def _next(hand: Hand, missed: list[Pledge]) -> tuple[Pledge, Rung] | None:
    # The one that is furthest up goes on, so that two presses are two steps.
    for pledge in sorted(missed, key=lambda one: -(one.rung or 0)):
        rung = next_rung(hand, pledge)
        if rung is not None:
            return pledge, rung
    return None


def _offered(missed: list[Pledge]) -> Pledge | None:
    return next((one for one in missed if one.rung == Rung.OFFER), None)


def _chosen(hand: Hand, pledge: Pledge) -> Choice | None:
    rows = (
        select(Escalation.choice)
        .where(Escalation.pledge_id == pledge.id, Escalation.choice != "")
        .order_by(Escalation.entry_seq.desc())
        .limit(1)
    )
    found = hand.tx.scalar(rows)
    return Choice(found) if found else None
