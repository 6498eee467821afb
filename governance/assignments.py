"""Who may work on a case.

Walls come first, so that no explanation counts or names somebody behind one. What
a case is worth, and whether its member belongs, is not even known in here.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from governance.cases import Act, Sensitivity, verb
from governance.roles import Grant, covers
from governance.rules import Bylaws, Effect
from governance.walls import Sight, Walls, visible


class Method(StrEnum):
    """How a case comes to somebody."""

    MANUAL = "manual"
    TAKE_NEXT = "take_next"
    ROUND_ROBIN = "round_robin"
    LOAD_BALANCED = "load_balanced"
    SKILL_LANGUAGE = "skill_language"
    STICKY = "sticky"
    NEIGHBOUR = "neighbour"
    MEMBER_CHOICE = "member_choice"
    LOTTERY = "lottery"
    #: No team's choice: how it comes to whoever stands in for somebody.
    SUBSTITUTE = "substitute"


class Exclusion(StrEnum):
    """Why somebody was not asked, in classes that tell nothing about a person."""

    ROLE = "role"
    SCOPE = "scope"
    CLEARANCE = "clearance"
    AWAY = "away"
    FULL = "full"
    LANGUAGE = "language"
    DECLINED = "declined"
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
    #: The same cases, each as heavy as its priority makes it.
    weight: int = 0
    languages: AbstractSet[str] = frozenset()
    #: The topics they are good at.
    skills: AbstractSet[str] = frozenset()
    #: Where they live.
    area: str | None = None
    #: None for somebody who was never given a case.
    last_assigned_at: datetime | None = None
    #: Whether this member said before that they helped.
    helped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What counts about a case that needs somebody."""

    walls: Walls
    topic: str | None
    area: str | None
    sensitivity: Sensitivity = Sensitivity.NORMAL
    team: str | None = None
    #: What its member speaks, where whoever works on it has to speak it.
    language: str = ""
    #: Whom the member does not want.
    refused: AbstractSet[UUID] = frozenset()
    #: Who said no to it, or nothing, and is not asked again by a rule.
    declined: AbstractSet[UUID] = frozenset()
    #: Whom the member asked for.
    wished: UUID | None = None


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
        Exclusion.LANGUAGE: not _speaks(candidate, matter),
        Exclusion.DECLINED: candidate.person in matter.declined,
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
    scopes = (
        (grant.teams, matter.team),
        (grant.topics, matter.topic),
        (grant.areas, matter.area),
    )
    return all(covers(scope, name) for scope, name in scopes)


def _speaks(candidate: Candidate, matter: Matter) -> bool:
    return not matter.language or matter.language in candidate.languages


def _is_cleared(grant: Grant, matter: Matter) -> bool:
    normal = matter.sensitivity is Sensitivity.NORMAL
    return normal or matter.sensitivity in grant.clearance
