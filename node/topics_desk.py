"""Topics at a glance: what is open in each, the oldest promise, and who takes it.

Of cases it counts what lies on the desk of whoever looks, and nothing else: a case
behind a wall is in no number and no date.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.orm import Session

from governance.cases import Sensitivity, State
from governance.errors import NotFound
from governance.rules import Bylaws
from governance.suggesting import Rule
from node import governance, suggesting, teams, walls
from node.accounts.visitor import Visitor
from node.assignments.desk import parts
from node.core import Node
from node.models.cases import Case
from node.teams.keeping import require
from node.teams.routing import open_ones
from node.topics import STARTER, UNSORTED

_TRIAGE = "case.triage"
_NARROW = tuple(kind for kind in Sensitivity if kind is not Sensitivity.NORMAL)


@dataclass(frozen=True, slots=True)
class Taker:
    """A team that cases can come to, and whether this topic leads to it."""

    id: UUID
    name: str
    takes: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicLine:
    """One topic, by what whoever looks may know of its cases."""

    code: str
    #: Both None where a small total is withheld.
    open: int | None
    to_triage: int | None
    #: When the next promise is due, and whether it is over.
    due_at: datetime | None
    late: bool
    #: When the newest open case came.
    newest_at: datetime | None
    #: Beyond normal, of the open cases.
    sensitivities: tuple[Sensitivity, ...]
    takers: tuple[Taker, ...]
    #: The words that suggest it at triage; of one topic that is looked at alone.
    rules: tuple[Rule, ...] = ()

    @property
    def teams(self) -> tuple[Taker, ...]:
        """Return the teams it leads to."""
        return tuple(one for one in self.takers if one.takes)


@dataclass(frozen=True, slots=True)
class Topics:
    """Every topic, and how many teams there are that could take one."""

    lines: tuple[TopicLine, ...]
    teams: int


def every(node: Node, *, by: Visitor) -> Topics:
    """Return every topic in the order of the list; last, what nobody sorted yet."""
    with node.read() as tx:
        bylaws = require(node, tx, by)
        known = open_ones(tx)
        lines = _lines(node, tx, bylaws, by, (*STARTER, UNSORTED))
        return Topics(lines, len(known))


def one(node: Node, code: str, *, by: Visitor) -> TopicLine:
    """Return one topic that teams can take."""
    with node.read() as tx:
        bylaws = require(node, tx, by)
        if code not in STARTER:
            raise NotFound("There is no such topic here.")
        (line,) = _lines(node, tx, bylaws, by, (code,))
        return replace(line, rules=suggesting.rules(tx, code))


def _lines(
    node: Node, tx: Session, bylaws: Bylaws, by: Visitor, codes: tuple[str, ...]
) -> tuple[TopicLine, ...]:
    now, known = node.now(), open_ones(tx)
    seen = or_(false(), *parts(bylaws, by, at=now))
    counted, narrow = _counted(tx, seen), _narrow(tx, seen)
    triage = _to_triage(tx, bylaws, by, now)
    nothing, total = _Counted(0, None, None), walls.totals(tx, by)
    found = ((code, counted.get(code, nothing)) for code in codes)
    return tuple(
        TopicLine(
            code=code,
            open=total(it.number),
            to_triage=total(triage.get(code, 0)),
            due_at=it.due_at,
            late=it.due_at is not None and it.due_at < now,
            newest_at=it.newest_at,
            sensitivities=tuple(kind for kind in _NARROW if kind in narrow[code]),
            takers=tuple(
                Taker(team.id, team.name, code in teams.covered(team)) for team in known
            ),
        )
        for code, it in found
    )


@dataclass(frozen=True, slots=True)
class _Counted:
    number: int
    due_at: datetime | None
    newest_at: datetime | None


def _counted(tx: Session, seen: ColumnElement[bool]) -> dict[str, _Counted]:
    rows = tx.execute(
        select(
            Case.topic,
            func.count(),
            func.min(Case.next_due_at),
            func.max(Case.received_at),
        )
        .where(seen)
        .group_by(Case.topic)
    )
    return {
        topic: _Counted(number, due_at, newest_at)
        for topic, number, due_at, newest_at in rows
    }


def _narrow(
    tx: Session, seen: ColumnElement[bool]
) -> defaultdict[str, set[Sensitivity | None]]:
    found: defaultdict[str, set[Sensitivity | None]] = defaultdict(set)
    for topic, kind in tx.execute(
        select(Case.topic, Case.sensitivity).where(seen).distinct()
    ):
        found[topic].add(kind)
    return found


def _to_triage(
    tx: Session, bylaws: Bylaws, by: Visitor, now: datetime
) -> dict[str, int]:
    if not governance.reach(bylaws, by, _TRIAGE, at=now):
        return {}
    waiting = select(Case.topic, func.count()).where(
        Case.state == State.RECEIVED, walls.open_to(by)
    )
    rows = tx.execute(waiting.group_by(Case.topic))
    return {topic: number for topic, number in rows}  # noqa: C416 - rows are no pairs
