"""Who must not know of a case, or only as the person it is about.

On their own case a person is its member and nothing else. For somebody walled the
case does not exist: no row, no count, no name, no difference in time.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Sight(StrEnum):
    """As what somebody can see a case, if their rights let them see it at all."""

    MEMBER = "member"
    DESK = "desk"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Walls:
    """Who is in a case, and who must not come near it."""

    members: AbstractSet[UUID]
    walled: AbstractSet[UUID] = frozenset()


def visible(person: UUID, walls: Walls) -> Sight:
    """Say as what a person may see a case. A wall never hides one's own case."""
    if person in walls.members:
        return Sight.MEMBER
    return Sight.NOTHING if person in walls.walled else Sight.DESK
