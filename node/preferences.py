"""How somebody wants to be told: by channel and family, and when they sleep.

Who never chose is told of everything at once, whatever the hour.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.errors import ChoiceInvalid, NotFound
from governance.notices import FAMILIES, Family, Hours, Pace, check_hours
from governance.people import ContactKind
from node.accounts.visitor import Visitor
from node.core import Node
from node.models.people import Person
from node.models.preferences import NoticeHours, NoticePace
from node.models.start import Community

#: The only channel by which this version tells anybody anything.
CHANNEL = ContactKind.EMAIL


@dataclass(frozen=True, slots=True)
class Wishes:
    """What somebody chose."""

    zone: str
    quiet_from: int = 0
    quiet_to: int = 0
    paces: Mapping[Family, Pace] = field(default_factory=dict)

    @property
    def hours(self) -> Hours:
        """When they are not to be disturbed."""
        return Hours(ZoneInfo(self.zone), self.quiet_from, self.quiet_to)

    def pace(self, kind: str) -> Pace | None:
        """Return how often they are told of one kind; None where nobody chooses."""
        family = FAMILIES.get(kind)
        return self.paces.get(family, Pace.EACH) if family else None


def mine(node: Node, *, by: Visitor) -> Wishes:
    """Return what somebody chose, or what holds without."""
    with node.read() as tx:
        return of(tx, _who(by))


def save(node: Node, wishes: Wishes, *, by: Visitor) -> None:
    """Keep what somebody chose; it holds for what waits already, too."""
    check_hours(wishes.quiet_from, wishes.quiet_to)
    if wishes.zone not in available_timezones():
        raise ChoiceInvalid("Name a time zone such as Europe/Berlin.", field="zone")
    with node.begin() as tx:
        who = _who(by)
        hours = tx.get(NoticeHours, who, with_for_update=True)
        if hours is None:
            hours = NoticeHours(person_id=who)
            tx.add(hours)
        hours.zone = wishes.zone
        hours.quiet_from, hours.quiet_to = wishes.quiet_from, wishes.quiet_to
        for family, pace in wishes.paces.items():
            key = (who, CHANNEL, family)
            row = tx.get(NoticePace, key)
            if row is None:
                row = NoticePace(person_id=who, channel=CHANNEL, family=family)
                tx.add(row)
            row.pace = pace


def of(tx: Session, person_id: UUID) -> Wishes:
    """Return what holds for a person, under whatever row they told us something."""
    person = tx.get_one(Person, person_id)
    who = person.alias_of or person.id
    hours = tx.get(NoticeHours, who)
    rows = tx.scalars(
        select(NoticePace).where(
            NoticePace.person_id == who, NoticePace.channel == CHANNEL
        )
    )
    paces = {row.family: row.pace for row in rows}
    if hours is None:
        return Wishes(tx.get_one(Community, 1).zone, paces=paces)
    return Wishes(hours.zone, hours.quiet_from, hours.quiet_to, paces)


def _who(by: Visitor) -> UUID:
    if by.person_id is None or by.kind != "member":
        raise NotFound("There is nothing to choose here.")
    return by.person_id
