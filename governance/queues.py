"""Which case is next: the urgent ones, then by the first answer promised, then by age.

What a case is worth, and who its member is, are not even known in here.
"""

from datetime import UTC, datetime
from typing import Protocol

from governance.cases import Priority

_LAST = datetime.max.replace(tzinfo=UTC)


class Queued(Protocol):
    """The facts about a waiting case that its place in the queue depends on."""

    @property
    def priority(self) -> Priority:
        """How soon somebody must look."""

    @property
    def first_response_due(self) -> datetime | None:
        """When a human answer is due; None once there was one."""

    @property
    def received_at(self) -> datetime:
        """When the words came in."""


def queue_order(case: Queued) -> tuple[bool, datetime, datetime]:
    """Return what cases in a queue are sorted by, the next one first."""
    due = case.first_response_due or _LAST
    return case.priority is not Priority.URGENT, due, case.received_at
