"""How often somebody outside let the day pass on which they were to answer.

Only a day that came while the case still waited for them counts: what the desk ended
before, or was ended by the member's own words, nobody outside was late for.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Reading(StrEnum):
    """What an answer from outside comes to, as whoever filed it reads it."""

    ANSWERED = "answered"
    #: They will not do it, or not deal with it.
    REFUSED = "refused"
    #: There is no way to them: no address, or they take none of it.
    NO_WAY = "no_way"


#: What leads no further there, so that its member is told of other ways.
ENDS_THERE = frozenset({Reading.REFUSED, Reading.NO_WAY})


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One question to somebody outside, and what became of it."""

    whom: str
    due_at: datetime
    #: When the case stopped waiting for it; None while it still does.
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Delay:
    """Somebody who let a day pass: how often, and when it was first and last."""

    whom: str
    times: int
    asked: int
    first: datetime
    last: datetime


def delays(inquiries: Iterable[Inquiry], *, at: datetime) -> tuple[Delay, ...]:
    """Return who let how many days pass, the most often first.

    Two names are one where they differ in nothing but case and spaces.
    """
    found: dict[str, list[Inquiry]] = {}
    for one in inquiries:
        found.setdefault(" ".join(one.whom.split()).casefold(), []).append(one)
    lines = (_delay(rows, at) for name, rows in found.items() if name)
    shown = [line for line in lines if line is not None]
    return tuple(sorted(shown, key=lambda it: (-it.times, it.first, it.whom)))


def _delay(rows: list[Inquiry], at: datetime) -> Delay | None:
    passed = sorted(one.due_at for one in rows if (one.ended_at or at) >= one.due_at)
    if not passed:
        return None
    return Delay(rows[0].whom, len(passed), len(rows), passed[0], passed[-1])
