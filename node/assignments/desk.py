"""The desk: one list by next promise, of what whoever looks may know."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select, true

from governance.cases import State
from governance.errors import Denied
from governance.rules import Bylaws
from node import governance, walls
from node.accounts.visitor import Visitor
from node.assignments import shelf
from node.assignments.candidates import AT_WORK, Colleague, colleagues_of
from node.assignments.offering import TAKE
from node.assignments.shelf import Place
from node.cases.hand import pick_up
from node.cases.lists import CaseLine, lines
from node.core import Node
from node.models.cases import Case
from node.paging import counts

_READ = "case.read"
_LIVE = (State.RECEIVED, State.QUEUED, *AT_WORK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What lies on the desk of whoever looks, by next promise."""

    lines: tuple[CaseLine, ...]
    #: How many lines there are in all, not only on this page; counted to a thousand.
    open: int | None
    #: None where the number is withheld.
    queued: int | None
    to_triage: int | None
    may_triage: bool
    may_take: bool
    #: Where this page ends; None when it is the last.
    end: Place | None


def desk(node: Node, *, by: Visitor, after: Place | None = None) -> Desk:
    """Return the desk of whoever works here, at most a page of it, after a place."""
    with node.read() as tx:
        bylaws = governance.in_force(node, tx)
        may = may_do(bylaws, by, at=node.now())
        if not any(may.values()):
            raise Denied(
                "The desk is for those who have a part in it.", rules=("silence",)
            )
        now = node.now()
        seen = parts(bylaws, by, at=now)
        known = walls.totals(tx, by)
        waiting = [State.QUEUED, *([State.RECEIVED] if may["case.triage"] else [])]
        number, *waits = counts(
            tx, shelf.every(seen), *(_in(state, by) for state in waiting)
        )
        cases, end = shelf.page(tx, seen, after)
        closed = _only_headlines(bylaws, by, cases, at=now)
        shown = lines(node, tx, cases, headlines=closed)
        return Desk(
            lines=tuple(
                _turn(line, case, by) for line, case in zip(shown, cases, strict=True)
            ),
            open=known(number),
            queued=known(waits[0]),
            to_triage=known(waits[1]) if may["case.triage"] else 0,
            may_triage=may["case.triage"],
            may_take=may[TAKE],
            end=end,
        )


def may_do(bylaws: Bylaws, by: Visitor, *, at: datetime) -> dict[str, bool]:
    """Say which parts somebody has in the work, in any scope they hold."""
    verbs = ("case.triage", "case.assign", TAKE, _READ)
    return {verb: bool(governance.reach(bylaws, by, verb, at=at)) for verb in verbs}


def parts(bylaws: Bylaws, by: Visitor, *, at: datetime) -> list[ColumnElement[bool]]:
    """Return the conditions of which each case on somebody's desk meets one."""
    read = governance.reach(bylaws, by, _READ, at=at)
    headlines = governance.reach(bylaws, by, "case.read_headline", at=at)
    mine = Case.responsible_id == by.person_id
    # What nobody is at work on has nobody yet.
    found = [and_(mine, Case.state == state) for state in AT_WORK if by.person_id]
    others = or_(Case.responsible_id.is_(None), ~mine)
    for state in _LIVE:
        grants = {*read, *headlines} if state is State.QUEUED else set(read)
        if grants:
            seen = or_(*map(governance.within, grants))
            apart = others if state in AT_WORK else true()
            found.append(and_(Case.state == state, seen, apart))
    return [and_(walls.open_to(by), part) for part in found]


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


def _in(state: State, by: Visitor) -> Select[UUID]:
    return select(Case.id).where(Case.state == state, walls.open_to(by))


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
