"""How long a closed or discarded case can be brought back.

Days are the community's rule. A case that closed because its member was not
reached, or joined another, has no such end.
"""

from datetime import datetime, timedelta
from typing import Protocol

from governance.cases.model import Outcome

#: For so long a second person can agree to exactly what somebody asked for
#: (`two_person` in the document on governance).
AGREE_WITHIN = timedelta(hours=24)
#: By when a second person has looked at what was discarded (casework, T3).
SEEN_WITHIN = timedelta(days=7)
_WITHOUT_END = frozenset({Outcome.UNREACHABLE, Outcome.JOINED})


class Windows(Protocol):
    """What the bylaws say about coming back."""

    @property
    def reopen_days(self) -> int:
        """Days after closing in which a case can be reopened."""

    @property
    def appeal_days(self) -> int:
        """Days after closing in which its member can appeal."""

    @property
    def restore_days(self) -> int:
        """Days after discarding in which a case can be restored."""


def may_reopen(
    closed_at: datetime, outcome: Outcome, *, at: datetime, rules: Windows
) -> bool:
    """Say whether a closed case can still be reopened at a moment."""
    return outcome in _WITHOUT_END or _within(closed_at, rules.reopen_days, at)


def may_appeal(
    closed_at: datetime, outcome: Outcome, *, at: datetime, rules: Windows
) -> bool:
    """Say whether the member can still appeal against how a case closed."""
    return outcome in _WITHOUT_END or _within(closed_at, rules.appeal_days, at)


def may_restore(discarded_at: datetime, *, at: datetime, rules: Windows) -> bool:
    """Say whether what was discarded can still be brought back."""
    return _within(discarded_at, rules.restore_days, at)


def _within(start: datetime, days: int, at: datetime) -> bool:
    return at <= start + timedelta(days=days)
