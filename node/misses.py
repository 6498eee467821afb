"""Promises that were not kept, month by month, as everybody may see them.

A month is shown once it is over. How much was missed in it never changes; why, whoever
shares out a case may still say better. Numbers that could point at a person are hidden:
`governance.suppression`.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, exists, func, or_, select

from governance.cases import State
from governance.errors import NotFound
from governance.pledges import Cause, PledgeKind
from governance.suppression import published
from node import governance, walls
from node.accounts.visitor import Visitor
from node.cases.lists import PAGE
from node.cases.within import at_the_desk
from node.core import Node
from node.models.cases import Case
from node.models.pledges import MissCause, Pledge
from node.models.start import Community

#: So many months are kept in sight.
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Misses:
    """One month: each kind of promise by the cause of its misses."""

    month: date
    #: The months that can be looked at, the newest first.
    months: tuple[date, ...]
    kinds: tuple[PledgeKind, ...]
    causes: tuple[Cause, ...]
    #: As many rows as kinds and one of sums; as many columns as causes and one of
    #: sums. None where a number is hidden. Rounded to five.
    numbers: tuple[tuple[int | None, ...], ...]


@dataclass(frozen=True, slots=True)
class MissLine:
    """One missed promise, for whoever says why."""

    reference: str
    pledge_id: UUID
    kind: PledgeKind
    missed_at: datetime
    cause: Cause


def misses(node: Node, month: date | None = None) -> Misses:
    """Return what was missed in a month that is over; the last one if none is named.

    Raises `NotFound` for a month that is not over, or before there was a community.
    """
    with node.read() as tx:
        community = tx.get_one(Community, 1)
        zone = ZoneInfo(community.zone)
        first, today = (
            at.astimezone(zone).date() for at in (community.created_at, node.now())
        )
        months = _over(today, first)
        if month is None:
            month = months[0] if months else None
        if month is None or month not in months:
            raise NotFound("There are no figures of this month.")
        rows = tx.execute(
            select(Pledge.kind, Pledge.cause, func.count())
            .where(*_missed_in(month, zone))
            .group_by(Pledge.kind, Pledge.cause)
        ).all()
    found = {(kind, cause or Cause.OTHER): number for kind, cause, number in rows}
    kinds = tuple(kind for kind in PledgeKind if any(one == kind for one, _ in found))
    causes = tuple(cause for cause in Cause if any(one == cause for _, one in found))
    numbers = published([[found.get((it, why), 0) for why in causes] for it in kinds])
    return Misses(month, months, kinds, causes, tuple(map(tuple, numbers)))


def to_explain(node: Node, month: date, *, by: Visitor) -> tuple[MissLine, ...]:
    """Return what was missed in the cases that somebody shares out, the newest first.

    At most a page of it: what nobody said anything about comes first.
    """
    with node.read() as tx:
        bylaws = governance.in_force(node, tx)
        shares = governance.reach(bylaws, by, "case.assign", at=node.now())
        if not shares or by.case_id is not None:
            return ()
        said = exists().where(MissCause.pledge_id == Pledge.id)
        rows = tx.execute(
            select(Case.reference, Pledge)
            .join(Case, Case.id == Pledge.case_id)
            .where(
                *_missed_in(month, ZoneInfo(tx.get_one(Community, 1).zone)),
                or_(*(governance.within(grant) for grant in shares)),
                at_the_desk(node, bylaws, by),
                Case.member_id.not_in(walls.own_of(by)),
                Case.state != State.ERASED,
                Case.restricted_at.is_(None),
            )
            .order_by(said, Pledge.missed_at.desc(), Pledge.id)
            .limit(PAGE)
        ).all()
    return tuple(
        MissLine(reference, it.id, it.kind, it.missed_at, it.cause or Cause.OTHER)
        for reference, it in rows
        if it.missed_at is not None
    )


def _missed_in(month: date, zone: ZoneInfo) -> tuple[ColumnElement[bool], ...]:
    until = _begins(_following(month), zone)
    return Pledge.missed_at >= _begins(month, zone), Pledge.missed_at < until


def _over(today: date, first: date) -> tuple[date, ...]:
    """Return the first days of the months that are over, the newest first."""
    found: list[date] = []
    month = today.replace(day=1)
    while len(found) < _MONTHS:
        month = (month - timedelta(days=1)).replace(day=1)
        if month < first.replace(day=1):
            break
        found.append(month)
    return tuple(found)


def _following(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)


def _begins(month: date, zone: ZoneInfo) -> datetime:
    return datetime(month.year, month.month, month.day, tzinfo=zone).astimezone(UTC)
