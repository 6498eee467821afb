"""The plan of a case as one viewer sees it: the same steps for all who see the case."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from governance.plans import Owner, may_tick
from governance.threads import OPEN
from node import people, vault
from node.cases.hand import Hand
from node.models.plans import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStep:
    """One step of a plan."""

    id: UUID
    title: str
    owner: Owner
    #: The beginning of its day; None if it has none.
    due_at: datetime | None
    done_at: datetime | None
    #: Who said that it is done.
    done_by: str
    #: Whether its day has come and it is not done.
    late: bool
    #: Whether the viewer can say that it is done, or take that back.
    yours: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done in a case: what is due first comes first."""

    steps: tuple[PlanStep, ...]
    #: Whether the viewer can add steps, and remove them.
    writes: bool


def plan(hand: Hand) -> Plan:
    """Return the plan of a case in hand."""
    found = select(Task).where(Task.case_id == hand.case.id)
    rows = hand.tx.scalars(found.order_by(Task.created_at, Task.id)).all()
    rows = sorted(rows, key=_order)
    ticked = {row.done_by for row in rows if row.done_by is not None}
    names = people.names(hand.node, hand.tx, ticked) if ticked else {}
    is_open, writes = hand.case.state in OPEN, works(hand)
    return Plan(
        tuple(
            PlanStep(
                id=row.id,
                title=vault.words(hand.key(), place(row.id), row.title),
                owner=row.owner,
                due_at=row.due_at,
                done_at=row.done_at,
                done_by=names.get(row.done_by, "") if row.done_by else "",
                late=is_open and _is_late(row, hand.node.now()),
                yours=is_open and may_tick(row.owner, own=hand.own, works=writes),
            )
            for row in rows
        ),
        is_open and writes,
    )


def works(hand: Hand) -> bool:
    """Say whether somebody makes the plan of a case: whoever could answer its member.

    Its member does not, whatever they may do for others.
    """
    return not hand.own and hand.by.kind == "member" and hand.may("case.reply")


def place(step_id: UUID) -> vault.Place:
    """Return where the words of a step stand."""
    return vault.Place(Task.__tablename__, "title", step_id)


def _order(row: Task) -> tuple[bool, datetime]:
    # Of what is due on one day, and of what has no day, the oldest comes first.
    return (row.due_at is None, row.due_at or row.created_at)


def _is_late(row: Task, now: datetime) -> bool:
    return row.done_at is None and row.due_at is not None and row.due_at <= now
