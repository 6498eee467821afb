"""Where a case stands, from what happened to it and nothing else.

A case's row is a cache of this: whoever has the events can compute it again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from governance.cases.model import Act, Outcome, State

_COMES_BACK = frozenset({Act.REOPEN, Act.APPEAL, Act.DISPUTE})
_WITHOUT_ANYBODY = frozenset({State.QUEUED, State.ERASED})
_SETTLED = frozenset({State.RESOLVED, State.CLOSED})


class Happened(Protocol):
    """The facts about one event of a case."""

    @property
    def at(self) -> datetime:
        """When it happened."""

    @property
    def act(self) -> Act:
        """What was done."""

    @property
    def to_state(self) -> State:
        """Where it led."""

    @property
    def outcome(self) -> Outcome | None:
        """As what the case closed by it; None for acts that close nothing."""

    @property
    def whom(self) -> UUID | None:
        """Whom the case was offered to by it; None for other acts."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands."""

    state: State = State.RECEIVED
    outcome: Outcome | None = None
    #: Who was offered it, or answers for it.
    responsible_id: UUID | None = None
    #: How often its member or a coordinator brought it back.
    reopened: int = 0
    #: Whether its member said that it is not solved, and nobody resolved it since.
    disputed: bool = False
    closed_at: datetime | None = None


def apply(before: Standing, event: Happened) -> Standing:
    """Return where a case stands after one more event."""
    after = replace(before, state=event.to_state)
    if event.act in _COMES_BACK:
        came_back = before.reopened + 1
        after = replace(after, outcome=None, closed_at=None, reopened=came_back)
    if event.to_state is State.CLOSED:
        after = replace(after, outcome=event.outcome, closed_at=event.at)
    if event.to_state is State.ERASED:
        after = replace(after, closed_at=before.closed_at or event.at)
    if event.act is Act.ASSIGN:
        after = replace(after, responsible_id=event.whom)
    if event.to_state in _WITHOUT_ANYBODY:
        after = replace(after, responsible_id=None)
    still = before.disputed and event.to_state not in _SETTLED
    return replace(after, disputed=event.act is Act.DISPUTE or still)


def fold(events: Iterable[Happened]) -> Standing:
    """Return where a case stands after everything that happened to it, in order."""
    standing = Standing()
    for event in events:
        standing = apply(standing, event)
    return standing
