"""What somebody chooses about how they are told: how often, and when they sleep."""

from uuid import UUID
from zoneinfo import available_timezones

from governance.errors import ChoiceInvalid, NotFound
from governance.notices import check_hours
from node import hearing
from node.accounts.visitor import Visitor
from node.core import Node
from node.hearing import CHANNEL, Wishes
from node.models.preferences import NoticeHours, NoticePace


def mine(node: Node, *, by: Visitor) -> Wishes:
    """Return what somebody chose, or what holds without."""
    with node.read() as tx:
        return hearing.of(tx, _who(by))


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


def _who(by: Visitor) -> UUID:
    if by.person_id is None or by.kind != "member":
        raise NotFound("There is nothing to choose here.")
    return by.person_id
