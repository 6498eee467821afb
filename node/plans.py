"""Making a plan for a case, and saying what of it is done.

Whoever works on the case makes it; the member sees all of it and ticks off what is
theirs. When the day of a step comes, whose it is hears of it once.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID

from sqlalchemy import func, select

from governance import plans as rules
from governance.errors import IdempotencyMismatch, NotFound, NotYours
from governance.plans import Owner
from governance.threads import OPEN
from node import jobs, notices, people, threads, vault
from node.accounts.visitor import Visitor
from node.cases.hand import Hand, as_person, by_rule, pick_up, sees
from node.cases.planned import Plan, place, plan, works
from node.core import Node
from node.models.plans import Task

__all__ = ["JOB", "NewStep", "Plan", "add", "done", "remind", "remove", "show", "undo"]

JOB = "plans.due"


@dataclass(frozen=True, slots=True)
class NewStep:
    """What is to be done next, by whom, and on which day at the latest."""

    #: Chosen by the form or the program, so that sending twice adds once.
    id: UUID
    title: str
    owner: Owner
    due: date | None = None


def show(node: Node, reference: str, *, by: Visitor) -> Plan:
    """Return the plan of a case, to whoever sees the case."""
    with node.read() as tx:
        return plan(pick_up(node, tx, reference, by, lock=False))


def add(node: Node, reference: str, step: NewStep, *, by: Visitor) -> None:
    """Add a step to the plan of a case. Safe to repeat."""
    title = rules.check_title(step.title)
    with node.begin() as tx:
        hand = pick_up(node, tx, reference, by)
        author = _require_works(hand)
        if _known(hand, step, title):
            return
        due, now = _morning(hand, step.due), node.now()
        rules.check_step(hand.case.state, _count(hand), due, at=now)
        row = Task(
            id=step.id,
            case_id=hand.case.id,
            author_id=author,
            title=vault.seal(node, hand.key(), place(step.id), title),
            owner=step.owner,
            created_at=now,
            due_at=due,
        )
        tx.add(row)
        tx.flush()
        if due is not None:
            jobs.put(node, tx, jobs.Asked(JOB, str(row.id), due))


def done(node: Node, reference: str, step_id: UUID, *, by: Visitor) -> None:
    """Say that a step is done. Twice is once, and the first time counts."""
    with node.begin() as tx:
        row = _to_tick(pick_up(node, tx, reference, by), step_id)
        if row.done_at is None:
            row.done_at, row.done_by = node.now(), by.person_id


def undo(node: Node, reference: str, step_id: UUID, *, by: Visitor) -> None:
    """Say that a step is not done after all."""
    with node.begin() as tx:
        row = _to_tick(pick_up(node, tx, reference, by), step_id)
        row.done_at = row.done_by = None


def remove(node: Node, reference: str, step_id: UUID, *, by: Visitor) -> None:
    """Take a step out of the plan, with its words."""
    with node.begin() as tx:
        hand = pick_up(node, tx, reference, by)
        _require_works(hand)
        rules.check_open(hand.case.state)
        tx.delete(_row(hand, step_id))


def remind(node: Node, step_id: str) -> None:
    """Tell whose step it is that its day has come; once."""
    with node.begin() as tx:
        row = tx.get(Task, UUID(step_id))
        hand = by_rule(node, tx, row.case_id) if row else None
        # Behind the lock of the case it may be done, or gone.
        row = tx.get(Task, UUID(step_id), populate_existing=True)
        if hand is None or row is None or row.done_at or row.told_at:
            return
        if hand.case.state not in OPEN:
            return
        row.told_at = node.now()
        if row.owner is Owner.MEMBER:
            threads.reach(hand, "plan.member")
        else:
            _tell_the_desk(hand)


def _tell_the_desk(hand: Hand) -> None:
    who = hand.case.responsible_id
    point = people.mail_of(hand.tx, who) if who else None
    if who is None or point is None or not sees(as_person(hand, who)):
        return
    reference = hand.case.reference
    link = f"{hand.node.settings.origin}/desk/cases/{reference}"
    values = {"reference": reference, "link": link}
    about = notices.About("plan.desk", values, hand.case.id)
    notices.queue(hand.node, hand.tx, point, about)


def _require_works(hand: Hand) -> UUID:
    who = hand.by.person_id
    if who is None or not works(hand):
        raise NotYours("The plan is made by whoever works on the case.")
    return who


def _to_tick(hand: Hand, step_id: UUID) -> Task:
    row = _row(hand, step_id)
    rules.check_tick(row.owner, own=hand.own, works=works(hand))
    rules.check_open(hand.case.state)
    return row


def _row(hand: Hand, step_id: UUID) -> Task:
    row = hand.tx.get(Task, step_id)
    if row is None or row.case_id != hand.case.id:
        raise NotFound("There is no such step here.")
    return row


def _known(hand: Hand, step: NewStep, title: str) -> bool:
    row = hand.tx.get(Task, step.id)
    if row is None:
        return False
    mine = (row.case_id, row.author_id) == (hand.case.id, hand.by.person_id)
    if not mine or vault.words(hand.key(), place(row.id), row.title) != title:
        raise IdempotencyMismatch("Something else was sent under this number before.")
    return True


def _count(hand: Hand) -> int:
    counted = select(func.count()).where(Task.case_id == hand.case.id)
    return hand.tx.scalar(counted) or 0


def _morning(hand: Hand, day: date | None) -> datetime | None:
    if day is None:
        return None
    zone = hand.bylaws.calendar.zone
    return datetime.combine(day, time(), zone).astimezone(UTC)
