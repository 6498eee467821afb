"""What is said about being on call, as plain values."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from governance.roster import Gap


@dataclass(frozen=True, slots=True)
class Cover:
    """Some time of a turn in which whoever has it is away."""

    from_at: datetime
    until_at: datetime
    #: Who is called instead, by name; empty for nobody.
    instead: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnShown:
    """A turn as pages have it."""

    id: UUID
    name: str
    team: str
    from_at: datetime
    until_at: datetime
    rank: int
    #: Whether somebody may take it over.
    offered: bool
    #: Whether it is the reader's.
    own: bool
    away: tuple[Cover, ...] = ()


@dataclass(frozen=True, slots=True)
class Lane:
    """Who is on call for one team, or for all, and when nobody is."""

    #: Empty for all.
    team: str
    turns: tuple[TurnShown, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """The coming days."""

    from_at: datetime
    until_at: datetime
    lanes: tuple[Lane, ...]
    #: Who could be on call, and for which team, by id and name.
    people: tuple[tuple[UUID, str], ...]
    teams: tuple[tuple[UUID, str], ...]
