"""How somebody wants to hear from us, as it is kept for whoever tells them something.

Who never chose is told of everything at once, whatever the hour.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.notices import FAMILIES, Family, Hours, Pace
from governance.people import ContactKind
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
