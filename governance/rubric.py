"""The questions of triage, and the priority that their answers suggest.

The same answers suggest the same level for everybody. Whoever chooses another one
says why, in words that the member reads.
"""

from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from governance.cases import Priority


class Finding(StrEnum):
    """What triage found in what was told."""

    #: Danger to life or liberty.
    DANGER = "danger"
    #: Loss of home or income within 72 hours.
    LOSS = "loss"
    #: A legal deadline within 14 days.
    DEADLINE = "deadline"
    HARDSHIP = "hardship"
    #: Nobody loses anything by waiting.
    WAITS = "waits"


_URGENT: Final = frozenset({Finding.DANGER, Finding.LOSS})
_SOON: Final = timedelta(days=14)
_HIGH: Final = frozenset({Finding.DEADLINE, Finding.HARDSHIP})


def with_deadline(
    found: frozenset[Finding], deadline_on: date | None, *, today: date
) -> frozenset[Finding]:
    """Return the findings, with the one that a deadline's day brings by itself."""
    if deadline_on is None or deadline_on - today > _SOON:
        return found
    return found | {Finding.DEADLINE}


def suggest(found: AbstractSet[Finding]) -> Priority:
    """Return the priority that the answers suggest."""
    if found & _URGENT:
        return Priority.URGENT
    if found & _HIGH:
        return Priority.HIGH
    return Priority.LOW if Finding.WAITS in found else Priority.NORMAL


def needs_reason(chosen: Priority, found: AbstractSet[Finding]) -> bool:
    """Say whether the member has to read why it is this priority."""
    return chosen is not Priority.NORMAL or chosen is not suggest(found)
