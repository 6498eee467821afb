"""When somebody is told: at once, in a digest, or never; and not while they sleep.

What is about their safety, a breach or a broken promise is never held back.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Final

from governance.errors import ChoiceInvalid


class Family(StrEnum):
    """What a message is about, as its reader chooses."""

    NEEDS_YOU = "needs_you"
    REPLY = "reply"
    RESOLVED = "resolved"
    WORK = "work"


class Pace(StrEnum):
    """How often somebody is told of one family."""

    EACH = "each"
    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


#: Which messages can be chosen about. All others leave at once, whatever the hour:
#: signing in, receipts, breaches, exceptions, broken promises, the ledger, grants.
FAMILIES: Final[dict[str, Family]] = {
    "needs-you": Family.NEEDS_YOU,
    "reply": Family.REPLY,
    "resolved": Family.RESOLVED,
    "case.lapsed": Family.RESOLVED,
    "case.unreachable": Family.RESOLVED,
    "case.appealed": Family.WORK,
    "case.disputed": Family.WORK,
    "case.unseen": Family.WORK,
    "ladder.nudge": Family.WORK,
    "ladder.reach": Family.WORK,
    "ladder.chosen": Family.WORK,
    "later.held": Family.WORK,
    "later.gone": Family.WORK,
    "statement.asked": Family.WORK,
    "notes.asked": Family.WORK,
    "notes.answered": Family.REPLY,
    "feedback.given": Family.WORK,
    "feedback.answered": Family.REPLY,
    "feedback.review": Family.WORK,
    "feedback.waits": Family.WORK,
    "feedback.reviewed": Family.WORK,
    "peer.review": Family.WORK,
    "common.disputed": Family.WORK,
    "plan.desk": Family.WORK,
    "plan.member": Family.NEEDS_YOU,
    "common.review": Family.WORK,
    "common.respondent": Family.WORK,
    "common.agenda": Family.WORK,
    "request.asked": Family.WORK,
    "roster.named": Family.WORK,
    "roster.out": Family.WORK,
    "roster.taken": Family.WORK,
}
_DAY: Final = timedelta(days=1)
_MINUTES_A_DAY: Final = 1440
#: What the form begins with: quiet from eight in the evening until eight.
EVENING, MORNING = 20 * 60, 8 * 60
#: Some hours of each day are left in which somebody can be told.
LONGEST_QUIET = 16 * 60
#: What is written down closer to a digest than this goes into the next one.
MARGIN = timedelta(minutes=5)
_MONDAY: Final = 0


@dataclass(frozen=True, slots=True)
class Hours:
    """When somebody is not to be disturbed, by the clocks of where they are."""

    zone: tzinfo
    #: Minutes after local midnight. The same twice: never quiet.
    quiet_from: int = 0
    quiet_to: int = 0

    def is_quiet(self, at: datetime) -> bool:
        """Say whether nothing is to arrive at an instant."""
        local = at.astimezone(self.zone)
        minute = local.hour * 60 + local.minute
        if self.quiet_from <= self.quiet_to:
            return self.quiet_from <= minute < self.quiet_to
        return minute >= self.quiet_from or minute < self.quiet_to

    def after(self, at: datetime) -> datetime:
        """Return the first instant from then on that is not quiet."""
        if not self.is_quiet(at):
            return at
        return self._first(at, self.quiet_to)

    def digest(self, at: datetime, pace: Pace) -> datetime:
        """Return when the digest leaves that takes in what is written down now."""
        found = self._first(at + MARGIN, MORNING, weekly=pace is Pace.WEEKLY)
        return self.after(found)

    def _first(self, at: datetime, minute: int, *, weekly: bool = False) -> datetime:
        today = at.astimezone(self.zone).date()
        days = (today + number * _DAY for number in range(9))
        return min(
            found
            for day in days
            if not weekly or day.weekday() == _MONDAY
            for found in self._shown(day, minute)
            if found >= at
        )

    def _shown(self, day: date, minute: int) -> tuple[datetime, datetime]:
        # Twice where the clocks go back; where they skip it, one instant after that.
        wall = datetime.combine(day, time(*divmod(minute, 60)))
        early, late = (
            wall.replace(tzinfo=self.zone, fold=fold).astimezone(UTC) for fold in (0, 1)
        )
        return (early, late) if early <= late else (early, early)


def check_hours(quiet_from: int, quiet_to: int) -> None:
    """Refuse quiet hours that are no hours, or leave too few to be told in."""
    for name, minute in (("quiet_from", quiet_from), ("quiet_to", quiet_to)):
        if not 0 <= minute < _MINUTES_A_DAY:
            raise ChoiceInvalid("Choose a time of the day.", field=name)
    if (quiet_to - quiet_from) % _MINUTES_A_DAY > LONGEST_QUIET:
        raise ChoiceInvalid("Quiet hours are at most 16 a day.", field="quiet_to")
