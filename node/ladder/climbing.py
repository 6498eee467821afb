"""Promises that come due: the warning, the miss, and the steps after it.

Each is a job that looks again at what is true by now, so a late or doubled one does
nothing that was done, and an answer in between ends the climb.
"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance import joins
from governance import pledges as rules
from governance.cases import Act, Outcome, Part, State
from governance.joins import Asking
from governance.pledges import PledgeKind, PledgeState, Rung
from node import jobs, log, pledges
from node.cases import confirming
from node.cases.hand import Hand, by_rule
from node.cases.moving import Step, move
from node.cases.releasing import hand_over
from node.cases.triage import offer_again
from node.claimants import ending
from node.core import Node
from node.ladder import telling
from node.ladder.rungs import CLIMBS, Taken, at, next_rung, reach, step
from node.log import Chain
from node.models.pledges import Pledge


def pick_up(node: Node, tx: Session, pledge_id: str) -> tuple[Hand, Pledge] | None:
    """Lock a promise and its case; None when they are gone."""
    id_ = UUID(pledge_id)
    case_id = tx.scalar(select(Pledge.case_id).where(Pledge.id == id_))
    hand = by_rule(node, tx, case_id) if case_id else None
    if hand is None:
        return None
    return hand, tx.get_one(Pledge, id_, with_for_update=True, populate_existing=True)


def warn(node: Node, pledge_id: str) -> None:
    """Look at a promise half way, and at three quarters, where somebody is told."""
    with node.begin(sealed=True) as tx:
        found = pick_up(node, tx, pledge_id)
        if found is None or found[1].state is not PledgeState.RUNNING:
            return
        hand, pledge = found
        terms = pledges.terms(node, tx, pledge)
        half, most, _ = rules.warnings(pledge, terms.calendar, pauses=terms.pauses)
        first, second, _ = rules.WARN_AT
        if node.now() >= most and pledge.warned < second:
            pledge.warned = second
            _nudge(hand, pledge)
        elif node.now() >= half and pledge.warned < first:
            pledge.warned = first
            key = f"{pledges.WARN}/{pledge.id}/{most.isoformat()}"
            jobs.put(node, tx, jobs.Asked(pledges.WARN, pledge_id, most, None, key))


def _nudge(hand: Hand, pledge: Pledge) -> None:
    if hand.case.responsible_id is None:
        return
    chain = log.chain(hand.node, hand.tx, hand.case.id)
    reach(hand, chain, pledge, Taken(Rung.NUDGE))
    telling.told(hand, Rung.NUDGE, chain.write(), due=pledge.due_at)


def look(node: Node, pledge_id: str) -> None:
    """See whether a promise was kept when it was due; a miss is sealed, once."""
    with node.begin(sealed=True) as tx:
        found = pick_up(node, tx, pledge_id)
        if found is None:
            return
        hand, pledge = found
        over = rules.standing(pledge, at=node.now()) is PledgeState.OVERDUE
        if not over or pledge.missed_at is not None:
            return
        chain = log.chain(node, tx, hand.case.id)
        by_itself = _BY_ITSELF.get(pledge.kind)
        if by_itself is not None:
            by_itself(hand, chain)
            return
        pledge.state = PledgeState.OVERDUE
        pledges.miss(chain, hand.case, pledge, at=node.now())
        _begin(hand, chain, pledge)


def _come_back(hand: Hand, chain: Chain) -> None:
    if hand.case.state is State.WAITING_OTHER:
        move(hand, chain, Step(act=Act.FOLLOW_UP_DUE, part=Part.RULE))
        telling.back(hand, chain.write())


def _lapse(hand: Hand, chain: Chain) -> None:
    if hand.case.state is not State.RESOLVED:
        return
    confirming.end(hand, Asking.LAPSED)
    found = joins.settle(confirming.all_say(hand))
    mine = confirming.own(hand)
    if found is not None and mine is not None and mine.answer is not None:
        # Its own member answered, and the others had their time.
        ending.settle(hand, chain, *found)
        chain.write()
        return
    outcome = Outcome.RESOLVED_UNCONFIRMED
    # What only the member could have kept is no miss of anybody.
    pledges.drop(hand.tx, hand.case, rules.MEMBERS_OWN)
    move(hand, chain, Step(act=Act.LAPSE, outcome=outcome, part=Part.RULE))
    telling.member(hand, "case.lapsed", chain.write())


_BY_ITSELF = {
    PledgeKind.FOLLOW_UP: _come_back,
    PledgeKind.CONFIRMATION: _lapse,
}


def _begin(hand: Hand, chain: Chain, pledge: Pledge) -> None:
    rung = rules.BEGINS.get(pledge.kind)
    if rung is None or hand.case.state not in CLIMBS:
        chain.write()
        return
    if rung is Rung.RELEASE:
        _release(hand, chain, pledge)
    step(hand, chain, pledge, rung)


def climb(node: Node, pledge_id: str) -> None:
    """Take the next step with a promise that is still not kept, when its time came."""
    with node.begin(sealed=True) as tx:
        found = pick_up(node, tx, pledge_id)
        if found is None:
            return
        hand, pledge = found
        rung = next_rung(hand, pledge)
        if rung is None or node.now() < at(hand, pledge, rung):
            return
        step(hand, log.chain(node, tx, hand.case.id), pledge, rung)


def _release(hand: Hand, chain: Chain, pledge: Pledge) -> None:
    case = hand.case
    if pledge.kind is PledgeKind.ASSIGNEE_ACCEPT and case.state is State.ASSIGNED:
        move(hand, chain, Step(act=Act.EXPIRE, part=Part.RULE))
        offer_again(hand)
        return
    if pledge.kind not in rules.RELEASES:
        return
    if case.state is State.WAITING_OTHER:
        move(hand, chain, Step(act=Act.FOLLOW_UP_DUE, part=Part.RULE))
    if case.state is State.WORKING:
        reason, note = telling.release_words(hand, pledge)
        hand_over(hand, note)
        given = Step(act=Act.RELEASE, reason=reason, note=note, part=Part.RULE)
        move(hand, chain, given)
        offer_again(hand)
