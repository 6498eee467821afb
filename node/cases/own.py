"""What a member told: those cases that wait for them, and all others, page by page."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, or_, select

from governance.cases import State
from governance.errors import AuthRequired
from node import walls
from node.accounts.visitor import Visitor
from node.cases.lists import PAGE, CaseLine, lines
from node.core import Node
from node.database import EPOCH
from node.models.cases import Case

_WAITING_FOR_MEMBER = frozenset({State.WAITING_MEMBER, State.RESOLVED})
_SETTLED = frozenset({State.CLOSED, State.DISCARDED, State.ERASED})
_PLACE = re.compile(r"(\d{1,15})-([0-9A-Z-]{1,20})", re.ASCII)
_MOMENT = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Told:
    """Where a page of somebody's own cases ends: what was told before comes next."""

    at: datetime
    reference: str

    def __str__(self) -> str:
        """Return the place as it stands in an address."""
        return f"{(self.at - EPOCH) // _MOMENT}-{self.reference}"

    @classmethod
    def read(cls, text: str) -> "Told | None":
        """Return the place that stands in an address; None for what is none."""
        found = _PLACE.fullmatch(text)
        if found is None:
            return None
        return cls(EPOCH + int(found[1]) * _MOMENT, found[2])


@dataclass(frozen=True, slots=True)
class Own:
    """Cases of one member, newest first, and where the page ends if more follow."""

    lines: tuple[CaseLine, ...]
    end: Told | None


@dataclass(frozen=True, slots=True)
class Mine:
    """A member's cases, those that wait for them first: they stand on no later page."""

    waiting: tuple[CaseLine, ...]
    open: tuple[CaseLine, ...]
    settled: tuple[CaseLine, ...]
    end: Told | None


def mine(node: Node, *, by: Visitor, before: Told | None = None) -> Mine:
    """Return the cases of whoever is signed in, as they look at them.

    Raises `AuthRequired` for anybody else.
    """
    waits = Case.state.in_(_WAITING_FOR_MEMBER)
    first = Own((), None)
    if before is None:
        # By state it is found at once, whatever else was told.
        mine = _told(by).where(waits).order_by(Case.state.desc())
        first = _page(node, mine, before, PAGE)
    others = _page(node, _told(by).where(~waits), before, PAGE)
    return Mine(
        tuple(sorted(first.lines, key=_when, reverse=True)),
        tuple(line for line in others.lines if line.state not in _SETTLED),
        tuple(line for line in others.lines if line.state in _SETTLED),
        others.end,
    )


def _when(line: CaseLine) -> tuple[datetime, str]:
    return line.received_at, line.reference


def own(
    node: Node, *, by: Visitor, before: Told | None = None, most: int = PAGE
) -> Own:
    """Return at most so many cases of whoever is signed in, newest first.

    Raises `AuthRequired` for anybody else.
    """
    return _page(node, _told(by), before, most)


def _told(by: Visitor) -> Select[Case]:
    if by.kind != "member" or by.person_id is None:
        raise AuthRequired("Sign in to see your cases.")
    return select(Case).where(Case.member_id.in_(walls.own_of(by)))


def _page(node: Node, told: Select[Case], before: Told | None, most: int) -> Own:
    if before is not None:
        told = told.where(_earlier(before))
    order = (Case.received_at.desc(), Case.reference.desc())
    with node.read() as tx:
        found = tx.scalars(told.order_by(*order).limit(most + 1)).all()
        cases = found[:most]
        shown = lines(node, tx, cases, turns=_WAITING_FOR_MEMBER)
    return Own(shown, _end(cases) if len(found) > most else None)


def _earlier(place: Told) -> ColumnElement[bool]:
    same = and_(Case.received_at == place.at, Case.reference < place.reference)
    return or_(Case.received_at < place.at, same)


def _end(cases: Sequence[Case]) -> Told:
    return Told(cases[-1].received_at, cases[-1].reference)
