"""Who may work on a case, and which case is next.

Walls come first, so that no explanation counts or names somebody behind one. What
a case is worth, and whether its member belongs, is not even known in here.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from governance.cases import Act, Priority, Sensitivity, verb
from governance.roles import Grant, covers
from governance.rules import Bylaws, Effect
from governance.walls import Sight, Walls, visible

_LAST = datetime.max.replace(tzinfo=UTC)


class Method(StrEnum):
    """How a case comes to somebody."""

    MANUAL = "manual"
    TAKE_NEXT = "take_next"


class Exclusion(StrEnum):
    """Why somebody was not asked, in classes that tell nothing about a person."""

    ROLE = "role"
    SCOPE = "scope"
    CLEARANCE = "clearance"
    AWAY = "away"
    FULL = "full"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What counts about somebody who may be asked."""

    person: UUID
    grants: tuple[Grant, ...]
    away: bool = False
    load: int = 0
    #: How many cases at once; None for no limit.
    capacity: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What counts about a case that needs somebody."""

    walls: Walls
    topic: str | None
    area: str | None
    sensitivity: Sensitivity = Sensitivity.NORMAL
    #: Whom the member does not want.
    refused: AbstractSet[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Explanation:
    """How it came to be this person: what a sentence to the member is made of."""

    method: Method
    #: How many were looked at; nobody behind a wall is among them.
    candidates: int
    excluded: Mapping[Exclusion, int]
    #: The identity of the bylaws that said who may.
    rules: str

    @property
    def eligible(self) -> int:
        """How many were left."""
        return self.candidates - sum(self.excluded.values())


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


def exclusion(
    candidate: Candidate, matter: Matter, *, rules: Bylaws, at: datetime
) -> Exclusion | None:
    """Say why a candidate cannot be asked; None when they can."""
    held = [grant for grant in candidate.grants if grant.in_force(at=at)]
    working = [grant for grant in held if grant.role in _working_roles(rules)]
    inside = [grant for grant in working if _is_inside(grant, matter)]
    cleared = [grant for grant in inside if _is_cleared(grant, matter)]
    full = candidate.capacity is not None and candidate.load >= candidate.capacity
    reasons = {
        Exclusion.ROLE: not working,
        Exclusion.SCOPE: not inside,
        Exclusion.CLEARANCE: not cleared,
        Exclusion.AWAY: candidate.away,
        Exclusion.FULL: full,
        Exclusion.REFUSED: candidate.person in matter.refused,
    }
    return next((reason for reason, applies in reasons.items() if applies), None)


def eligible(
    candidates: Iterable[Candidate], matter: Matter, *, rules: Bylaws, at: datetime
) -> tuple[Candidate, ...]:
    """Return those who can be asked to work on a case."""
    return tuple(
        candidate
        for candidate in _outside_walls(candidates, matter)
        if exclusion(candidate, matter, rules=rules, at=at) is None
    )


def explain(
    method: Method,
    candidates: Iterable[Candidate],
    matter: Matter,
    *,
    rules: Bylaws,
    at: datetime,
) -> Explanation:
    """Return the figures behind a choice, which the member may read."""
    seen = _outside_walls(candidates, matter)
    reasons = (exclusion(it, matter, rules=rules, at=at) for it in seen)
    excluded = Counter(reason for reason in reasons if reason is not None)
    return Explanation(method, len(seen), excluded, rules.identity)


def queue_order(case: Queued) -> tuple[bool, datetime, datetime]:
    """Return what cases in a queue are sorted by, the next one first."""
    due = case.first_response_due or _LAST
    return case.priority is not Priority.URGENT, due, case.received_at


def _outside_walls(
    candidates: Iterable[Candidate], matter: Matter
) -> tuple[Candidate, ...]:
    return tuple(
        candidate
        for candidate in candidates
        if visible(candidate.person, matter.walls) is Sight.DESK
    )


def _working_roles(rules: Bylaws) -> AbstractSet[str]:
    return {
        row.role
        for row in rules.permissions
        if row.verb == verb(Act.ACCEPT) and row.effect is Effect.ALLOW
    }


def _is_inside(grant: Grant, matter: Matter) -> bool:
    scopes = ((grant.topics, matter.topic), (grant.areas, matter.area))
    return all(covers(scope, name) for scope, name in scopes)


def _is_cleared(grant: Grant, matter: Matter) -> bool:
    normal = matter.sensitivity is Sensitivity.NORMAL
    return normal or matter.sensitivity in grant.clearance
