"""The desk: one list by next promise, of what whoever looks may know."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from governance.cases import State
from governance.errors import Denied
from governance.predicates import Resource
from governance.rules import Bylaws
from node import governance
from node.accounts.visitor import Visitor
from node.assignments.candidates import AT_WORK, Colleague, colleagues_of
from node.cases.hand import Hand, sees
from node.cases.lists import PAGE, CaseLine, lines
from node.core import Node
from node.models.cases import Case

TAKE = "case.take"
_LIVE = (State.RECEIVED, State.QUEUED, *AT_WORK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What lies on the desk of whoever looks, by next promise."""

    lines: tuple[CaseLine, ...]
    #: How many lines there are in all, not only on this page.
    open: int
    queued: int
    to_triage: int
    may_triage: bool
    may_take: bool
    #: Whom cases can be given to; empty for those who may not.
    advocates: tuple[Colleague, ...]
    page: int
    pages: int


def desk(node: Node, *, by: Visitor, page: int = 1) -> Desk:
    """Return the desk of whoever works here, at most a page of it."""
    with node.read() as tx:
        bylaws = governance.in_force(node, tx)
        may = may_do(bylaws, by, at=node.now())
        if not any(may.values()):
            raise Denied(
                "The desk is for those who have a part in it.", rules=("silence",)
            )
        mine = Case.member_id != by.person_id
        seen = (mine, Case.state.in_(_LIVE), _seen(by, everything=may["case.read"]))
        total = tx.scalar(select(func.count()).select_from(Case).where(*seen)) or 0
        cases = tx.scalars(
            select(Case)
            .where(*seen)
            .order_by(Case.next_due_at.is_(None), Case.next_due_at, Case.received_at)
            .limit(PAGE)
            .offset((page - 1) * PAGE)
        ).all()
        closed = frozenset(
            case.id
            for case in cases
            if not sees(Hand(node, tx, case, by, bylaws))
        )
        shown = lines(node, tx, cases, turns=frozenset(), headlines=closed)
        return Desk(
            lines=tuple(
                _turn(line, case, by) for line, case in zip(shown, cases, strict=True)
            ),
            open=total,
            queued=_count(tx, by, State.QUEUED),
            to_triage=_count(tx, by, State.RECEIVED) if may["case.triage"] else 0,
            may_triage=may["case.triage"],
            may_take=may[TAKE],
            advocates=colleagues_of(node, tx, bylaws) if may["case.assign"] else (),
            page=page,
            pages=max(1, -(-total // PAGE)),
        )


def may_do(bylaws: Bylaws, by: Visitor, *, at: datetime) -> dict[str, bool]:
    """Say which parts somebody has in the work, in any scope they hold."""
    who = governance.subject(by)
    verbs = ("case.triage", "case.assign", TAKE, "case.read")
    return {
        verb: any(
            governance.may(bylaws, who, verb, _anywhere(topic, area), at=at)
            for topic, area in _scopes(by)
        )
        for verb in verbs
    }


def _anywhere(topic: str, area: str) -> Resource:
    nobody = UUID(int=0)
    return Resource(owner=nobody, topic=topic, area=area, sensitivity="normal")


def _scopes(by: Visitor) -> list[tuple[str, str]]:
    scopes = [("", "")]
    for grant in by.grants:
        topics = [""] if grant.topics == "all" else sorted(grant.topics)
        areas = [""] if grant.areas == "all" else sorted(grant.areas)
        scopes += [(topic, area) for topic in topics for area in areas]
    return scopes


def _seen(by: Visitor, *, everything: bool) -> ColumnElement[bool]:
    if everything:
        return Case.id.is_not(None)
    return or_(Case.responsible_id == by.person_id, Case.state == State.QUEUED)


def _turn(line: CaseLine, case: Case, by: Visitor) -> CaseLine:
    mine = case.responsible_id == by.person_id
    wrote = case.state is State.WORKING and case.member_wrote_last
    return replace(line, turn=mine and (case.state is State.ASSIGNED or wrote))


def _count(tx: Session, by: Visitor, state: State) -> int:
    found = tx.scalar(
        select(func.count())
        .select_from(Case)
        .where(Case.state == state, Case.member_id != by.person_id)
    )
    return found or 0


def colleagues(node: Node, *, by: Visitor) -> tuple[Colleague, ...]:
    """Return whom a case can be given to; nobody for those who may not give one."""
    with node.read() as tx:
        bylaws = governance.in_force(node, tx)
        may = may_do(bylaws, by, at=node.now())
        return colleagues_of(node, tx, bylaws) if may["case.assign"] else ()
