"""What a team is, as plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from governance.assignments import Method


class Place(StrEnum):
    """What somebody is in a team."""

    COORDINATOR = "coordinator"
    DEPUTY = "deputy"
    MEMBER = "member"


@dataclass(frozen=True, slots=True)
class Described:
    """What a team is for."""

    name: str
    method: Method = Method.TAKE_NEXT
    #: Empty for all.
    topics: Sequence[str] = ()
    areas: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Mate:
    """Somebody in a team."""

    id: UUID
    name: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A team as its page has it."""

    id: UUID
    name: str
    method: Method
    topics: tuple[str, ...]
    areas: tuple[str, ...]
    mates: tuple[Mate, ...]
    closed: bool

    @property
    def lacks(self) -> tuple[Place, ...]:
        """Which of the parts that every team needs nobody has."""
        held = {mate.place for mate in self.mates}
        needed = (Place.COORDINATOR, Place.DEPUTY)
        return tuple(place for place in needed if place not in held)
