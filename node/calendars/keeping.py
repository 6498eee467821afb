"""Closed days of the community: each import is a version that stays as it was.

A promise names the version it was counted with, so a new one changes none that was
made; it counts for those to come.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance.closed_days import Closed, together
from governance.errors import CalendarNeverOpens, Denied
from governance.rules import Bylaws
from node import adopted, governance
from node.accounts.visitor import Visitor
from node.core import Node
from node.models.pledges import ClosedDays
from node.models.start import Community

#: No preset names a verb for it: until the members vote on calendars, whoever speaks
#: for the community imports them.
VERB = "agreement.negotiate"
#: So far ahead days are kept, and so many.
AHEAD = timedelta(days=5 * 366)
_BEHIND = timedelta(days=31)
MOST_DAYS = 1000
#: In every so many days the desk opens for a working day, at the least.
_OPENS_WITHIN = timedelta(days=60)
_MOST_SOURCE = 200


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """One day on which the desk stays closed."""

    day: date
    name: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of an import."""

    version: int
    days: int
    #: Events that close no whole day.
    left_out: int


@dataclass(frozen=True, slots=True)
class Read:
    """The events of a file, and where they are from."""

    events: list[Closed]
    left_out: int
    source: str


def take(node: Node, given: Read, *, add: bool = False, by: Visitor) -> Taken:
    """Put the closed days of a file in force for promises to come.

    `add` keeps the days of the version before as well.
    """
    with node.begin() as tx:
        bylaws = governance.in_force(node, tx)
        if not governance.reach(bylaws, by, VERB, at=node.now()):
            raise Denied("Closed days are imported by stewards.", rules=("silence",))
        # Two who import at once: the second waits, and gets the next number.
        tx.get_one(Community, 1, with_for_update=True)
        today = node.now().astimezone(bylaws.calendar.zone).date()
        first, last = today - _BEHIND, today + AHEAD
        found = together(iter(given.events), first=first, last=last, most=MOST_DAYS)
        if add:
            found = {**_newest(tx), **found}
        version = (tx.scalar(select(func.max(ClosedDays.version))) or 0) + 1
        named = {day.isoformat(): name for day, name in sorted(found.items())}
        row = ClosedDays(
            version=version,
            days=json.dumps(named),
            source=given.source[:_MOST_SOURCE],
            since=node.now(),
        )
        tx.add(row)
        tx.flush()
        _check_open(governance.in_force(node, tx), found, today)
        return Taken(version, len(found), given.left_out)


def closed_days(node: Node) -> tuple[ClosedDay, ...]:
    """Return the closed days in force, those that are past too."""
    with node.read() as tx:
        return tuple(ClosedDay(day, name) for day, name in _newest(tx).items())


def _newest(tx: Session) -> Mapping[date, str]:
    newest = select(ClosedDays).order_by(ClosedDays.version.desc()).limit(1)
    row = tx.scalar(newest)
    return {} if row is None else adopted.named_days(row)


def _check_open(bylaws: Bylaws, found: Mapping[date, str], today: date) -> None:
    calendar, day = bylaws.calendar, timedelta(minutes=1)
    for start in (today, *(one for one in found if one >= today)):
        at = datetime.combine(start, datetime.min.time(), calendar.zone)
        opens = calendar.due(at.astimezone(UTC), day)
        if opens - at.astimezone(UTC) > _OPENS_WITHIN:
            raise CalendarNeverOpens("The desk would stay closed for two months.")
