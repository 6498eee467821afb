"""Somebody is in danger, or it is urgent, as triage found: who is on call hears first.

One is called after the other, each with some time to answer. Where somebody is in
danger and nobody of them answered, or nobody is on call, all who share out cases hear.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance import roster as rules
from governance.cases import State
from node import jobs
from node.cases import DANGER, URGENT
from node.cases.hand import Hand, as_person, by_rule, sees
from node.cases.triage import finding
from node.core import Node
from node.ladder import telling
from node.models.access import Access
from node.models.notices import Notice
from node.roster import reading

#: What whoever is on call is told.
_CALLS = {DANGER: "oncall.danger", URGENT: "oncall.urgent"}
#: Nobody has it in these.
_WAITS = (State.RECEIVED, State.QUEUED, State.ASSIGNED)


@dataclass(frozen=True, slots=True)
class _Found:
    """What triage found of a case, and when: each finding is called for anew."""

    hand: Hand
    why: str
    since: datetime

    @property
    def subject(self) -> str:
        return finding(self.hand.case.id, self.since)

    def told(self, kind: str) -> Sequence[Notice]:
        mine = select(Notice).where(
            Notice.case_id == self.hand.case.id,
            Notice.kind == kind,
            Notice.created_at >= self.since,
        )
        order = Notice.created_at, Notice.id
        return self.hand.tx.scalars(mine.order_by(*order)).all()


def call(node: Node, subject: str) -> None:
    """Call for somebody in danger, at any hour. Safe to call twice."""
    with node.begin() as tx:
        it = _pick_up(node, tx, subject, DANGER)
        if it is None or it.told(DANGER):
            return
        if not _is_waited_for(it) and not _next(it):
            telling.danger(it.hand)


def call_urgent(node: Node, subject: str) -> None:
    """Call whoever is on call, and nobody else: its promise is kept by the ladder."""
    with node.begin() as tx:
        it = _pick_up(node, tx, subject, URGENT)
        if it is not None and not _is_waited_for(it):
            _next(it)


def _pick_up(node: Node, tx: Session, subject: str, why: str) -> _Found | None:
    id_, _, since = subject.partition("/")
    hand = by_rule(node, tx, UUID(id_))
    if hand is None:
        return None
    return _Found(hand, why, datetime.fromisoformat(since))


def _is_waited_for(it: _Found) -> bool:
    """Say whether somebody answered a call, or still has time to."""
    made = it.told(_CALLS[it.why])
    if not made:
        return False
    until = made[-1].created_at + rules.ANSWER
    if it.hand.case.state not in _WAITS or _opened(it.hand, made):
        return True
    if it.hand.node.now() >= until:
        return False
    # Whoever looks too soon looks again, or nobody would call the next one.
    _look_again(it, until)
    return True


def _look_again(it: _Found, at: datetime) -> None:
    node, now = it.hand.node, it.hand.node.now().isoformat()
    once = f"{it.why}/{it.subject}/{now}/next"
    jobs.put(node, it.hand.tx, jobs.Asked(it.why, it.subject, at, None, once))


def _opened(hand: Hand, made: Sequence[Notice]) -> bool:
    looked = select(Access.id).where(
        Access.case_id == hand.case.id,
        Access.person_id.in_([one.person_id for one in made]),
        Access.last_at > made[0].created_at,
    )
    return hand.tx.scalar(looked.limit(1)) is not None


def _next(it: _Found) -> bool:
    """Call the next one who can be reached, and look again later."""
    hand, kind = it.hand, _CALLS[it.why]
    tx, now = hand.tx, hand.node.now()
    called = {one.person_id for one in it.told(kind)}
    plan = reading.at_instant(tx, now)
    some = {turn.person for turn in plan.turns}
    some |= {one for leave in plan.leaves for one in leave.substitutes}
    walled = frozenset(one for one in some if not sees(as_person(hand, one)))
    there = rules.line(plan, at=now, team=hand.case.team_id, walled=walled)
    while (person := rules.next_after(called, there)) is not None:
        if telling.on_call(hand, person, kind):
            # Their time begins with the call, which was made just now.
            _look_again(it, hand.node.now() + rules.ANSWER)
            return True
        called.add(person)
    return False
