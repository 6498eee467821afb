"""Promises that were not kept, month by month, as everybody may see them.

A month is shown once it is over, and does not change by looking twice. Numbers that
could point at a person are hidden: `governance.suppression`.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from governance.errors import NotFound
from governance.pledges import Cause, PledgeKind
from governance.suppression import published
from node.core import Node
from node.models.pledges import Pledge
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
            .where(
                Pledge.missed_at >= _begins(month, zone),
                Pledge.missed_at < _begins(_following(month), zone),
            )
            .group_by(Pledge.kind, Pledge.cause)
        ).all()
    found = {(kind, cause or Cause.OTHER): number for kind, cause, number in rows}
    kinds = tuple(kind for kind in PledgeKind if any(one == kind for one, _ in found))
    causes = tuple(cause for cause in Cause if any(one == cause for _, one in found))
    numbers = published([[found.get((it, why), 0) for why in causes] for it in kinds])
    return Misses(month, months, kinds, causes, tuple(map(tuple, numbers)))


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
