"""The desk: one list by next promise, of what whoever looks may know."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from governance.cases import State
from governance.errors import Denied
from governance.rules import Bylaws
from node import governance, walls
from node.accounts.visitor import Visitor
from node.assignments.candidates import AT_WORK, Colleague, colleagues_of
from node.assignments.offering import TAKE
from node.cases.hand import pick_up
from node.cases.lists import PAGE, CaseLine, lines
from node.core import Node
from node.models.cases import Case

_READ = "case.read"
_LIVE = (State.RECEIVED, State.QUEUED, *AT_WORK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What lies on the desk of whoever looks, by next promise."""

    lines: tuple[CaseLine, ...]
    #: How many lines there are in all, not only on this page.
    open: int | None
    #: None where the number is withheld.
    queued: int | None
    to_triage: int | None
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
        now = node.now()
        seen = (walls.open_to(by), Case.state.in_(_LIVE), _seen(bylaws, by, at=now))
        total = tx.scalar(select(func.count()).select_from(Case).where(*seen)) or 0
        cases = tx.scalars(
            select(Case)
            .where(*seen)
            .order_by(Case.next_due_at.is_(None), Case.next_due_at, Case.received_at)
            .limit(PAGE)
            .offset((page - 1) * PAGE)
        ).all()
        closed = _only_headlines(bylaws, by, cases, at=now)
        shown = lines(node, tx, cases, headlines=closed)
        return Desk(
            lines=tuple(
                _turn(line, case, by) for line, case in zip(shown, cases, strict=True)
            ),
            open=walls.total(tx, by, total),
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
    verbs = ("case.triage", "case.assign", TAKE, _READ)
    return {verb: bool(governance.reach(bylaws, by, verb, at=at)) for verb in verbs}


def _seen(bylaws: Bylaws, by: Visitor, *, at: datetime) -> ColumnElement[bool]:
    read = governance.reach(bylaws, by, _READ, at=at)
    headlines = governance.reach(bylaws, by, "case.read_headline", at=at)
    return or_(
        Case.responsible_id == by.person_id,
        *(governance.within(grant) for grant in read),
        *(
            and_(Case.state == State.QUEUED, governance.within(grant))
            for grant in headlines
        ),
    )


def _only_headlines(
    bylaws: Bylaws, by: Visitor, cases: Sequence[Case], *, at: datetime
) -> frozenset[object]:
    who = governance.subject(by)
    return frozenset(
        case.id
        for case in cases
        if not case.open_to_advocates
        and not governance.may(bylaws, who, _READ, governance.resource(case, by), at=at)
    )


def _turn(line: CaseLine, case: Case, by: Visitor) -> CaseLine:
    mine = case.responsible_id == by.person_id
    wrote = case.state is State.WORKING and case.member_wrote_last
    return replace(line, turn=mine and (case.state is State.ASSIGNED or wrote))


def _count(tx: Session, by: Visitor, state: State) -> int | None:
    found = tx.scalar(
        select(func.count())
        .select_from(Case)
        .where(Case.state == state, walls.open_to(by))
    )
    return walls.total(tx, by, found or 0)


def colleagues(
    node: Node, *, by: Visitor, reference: str = ""
) -> tuple[Colleague, ...]:
    """Return whom a case can be given to; nobody for those who may not give one.

    Of a case that is named, whoever must not know of it is left out.
    """
    with node.read() as tx:
        around: frozenset[UUID] = frozenset()
        if reference:
            around = walls.around(
                tx, pick_up(node, tx, reference, by, lock=False).case.id
            )
        bylaws = governance.in_force(node, tx)
        may = may_do(bylaws, by, at=node.now())
        every = colleagues_of(node, tx, bylaws) if may["case.assign"] else ()
        return tuple(one for one in every if one.id not in around)
