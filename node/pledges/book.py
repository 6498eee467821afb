"""The promises of one case, inside one transaction that has locked it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance import pledges as rules
from governance.calendars import Calendar, Span
from governance.cases import Priority, State
from governance.pledges import PledgeKind, PledgeState
from governance.rules import Bylaws
from node import governance
from node.core import Node
from node.log import Chain
from node.models.cases import Case, CaseEvent
from node.models.pledges import Pledge

_OVER = frozenset({State.CLOSED, State.DISCARDED, State.ERASED})
_OPEN = (PledgeState.RUNNING, PledgeState.PAUSED, PledgeState.OVERDUE)


@dataclass(frozen=True, slots=True)
class Book:
    """What is needed to make and to settle promises of one case."""

    tx: Session
    chain: Chain
    case: Case
    bylaws: Bylaws

    @property
    def node(self) -> Node:
        """The node the case is at."""
        return self.chain.node

    @property
    def now(self) -> datetime:
        """The present moment."""
        return self.node.now()

    @property
    def priority(self) -> Priority:
        """How soon, as far as anybody decided."""
        return self.case.priority or Priority.NORMAL


@dataclass(frozen=True, slots=True)
class Terms:
    """What a promise was made by, whatever holds by now."""

    bylaws: Bylaws
    calendar: Calendar
    #: Whether it waits while the member is asked something.
    waits: bool
    #: When it waited so far.
    pauses: tuple[Span, ...]


def terms(node: Node, tx: Session, pledge: Pledge) -> Terms:
    """Return what a promise was made by, and when it waited."""
    bylaws = governance.as_promised(node, tx, pledge)
    calendar = rules.calendar_of(bylaws, rules.clock_of(bylaws, pledge.rule))
    waits = rules.waits(bylaws, pledge.kind)
    found = waited(tx, pledge.case_id, until=node.now()) if waits else ()
    return Terms(bylaws, calendar, waits, found)


def waited(tx: Session, case_id: UUID, *, until: datetime) -> tuple[Span, ...]:
    """Return when a case waited for its member, from what happened to it."""
    events = tx.execute(
        select(CaseEvent.at, CaseEvent.to_state)
        .where(CaseEvent.case_id == case_id)
        .order_by(CaseEvent.seq)
    ).all()
    ends = [*(event.at for event in events[1:]), until]
    return tuple(
        (event.at, end)
        for event, end in zip(events, ends, strict=False)
        if event.to_state is State.WAITING_MEMBER
    )


def open_of(tx: Session, case_id: UUID) -> list[Pledge]:
    """Return what is still owed in a case, locked, the soonest first."""
    return list(
        tx.scalars(
            select(Pledge)
            .where(Pledge.case_id == case_id, Pledge.state.in_(_OPEN))
            .order_by(Pledge.due_at.is_(None), Pledge.due_at, Pledge.started_at)
            .with_for_update()
        )
    )


def refresh(tx: Session, case: Case) -> None:
    """Keep the case's next promises beside it, for lists; what is over has none."""
    tx.flush()
    dues = select(Pledge.kind, Pledge.due_at).where(
        Pledge.case_id == case.id,
        Pledge.state.in_(_OPEN),
        Pledge.kind.in_(rules.TO_MEMBER),
    )
    rows = [] if case.state in _OVER else tx.execute(dues).all()
    known = [(kind, due) for kind, due in rows if due is not None]
    answers = (due for kind, due in known if kind is PledgeKind.FIRST_RESPONSE)
    case.next_due_at = min((due for _, due in known), default=None)
    case.answer_due_at = min(answers, default=None)
    tx.flush()
