"""Somebody is in danger, or it is urgent, as triage found: who is on call hears first.

One is called after the other, each with some time to answer. Where somebody is in
danger and nobody of them answered, or nobody is on call, all who share out cases hear.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from governance import roster as rules
from governance.cases import State
from node import jobs
from node.cases import DANGER, URGENT
from node.cases.hand import Hand, as_person, by_rule, sees
from node.core import Node
from node.ladder import telling
from node.models.access import Access
from node.models.notices import Notice
from node.roster import reading

#: What whoever is on call is told.
_CALLS = {DANGER: "oncall.danger", URGENT: "oncall.urgent"}
#: Nobody has it in these.
_WAITS = (State.RECEIVED, State.QUEUED, State.ASSIGNED)


def call(node: Node, case_id: str) -> None:
    """Call for somebody in danger, at any hour. Safe to call twice."""
    with node.begin() as tx:
        hand = by_rule(node, tx, UUID(case_id))
        if hand is None or _told(hand, DANGER):
            return
        if not _is_waited_for(hand, DANGER) and not _next(hand, DANGER):
            telling.danger(hand)


def call_urgent(node: Node, case_id: str) -> None:
    """Call whoever is on call, and nobody else: its promise is kept by the ladder."""
    with node.begin() as tx:
        hand = by_rule(node, tx, UUID(case_id))
        if hand is not None and not _is_waited_for(hand, URGENT):
            _next(hand, URGENT)


def _is_waited_for(hand: Hand, why: str) -> bool:
    """Say whether somebody answered a call, or still has time to."""
    made = _told(hand, _CALLS[why])
    if not made:
        return False
    waiting = hand.node.now() < made[-1].created_at + rules.ANSWER
    return waiting or hand.case.state not in _WAITS or _opened(hand, made)


def _opened(hand: Hand, made: Sequence[Notice]) -> bool:
    looked = select(Access.id).where(
        Access.case_id == hand.case.id,
        Access.person_id.in_([one.person_id for one in made]),
        Access.last_at > made[0].created_at,
    )
    return hand.tx.scalar(looked.limit(1)) is not None


def _next(hand: Hand, why: str) -> bool:
    """Call the next one who can be reached, and look again later."""
    tx, now = hand.tx, hand.node.now()
    called = {one.person_id for one in _told(hand, _CALLS[why])}
    plan = reading.at_instant(tx, now)
    some = {it.person for it in plan.turns}
    some |= {one for it in plan.leaves for one in it.substitutes}
    walled = frozenset(it for it in some if not sees(as_person(hand, it)))
    there = rules.line(plan, at=now, team=hand.case.team_id, walled=walled)
    while (person := rules.next_after(called, there)) is not None:
        if telling.on_call(hand, person, _CALLS[why]):
            once = f"{why}/{hand.case.id}/{now.isoformat()}"
            again = jobs.Asked(
                why, str(hand.case.id), now + rules.ANSWER, None, f"{once}/next"
            )
            jobs.put(hand.node, tx, again)
            return True
        called.add(person)
    return False


def _told(hand: Hand, kind: str) -> Sequence[Notice]:
    mine = select(Notice).where(Notice.case_id == hand.case.id, Notice.kind == kind)
    return hand.tx.scalars(mine.order_by(Notice.created_at, Notice.id)).all()
