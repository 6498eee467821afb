"""What somebody is given, and what they hold, as plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A role for one person, from now on."""

    person: UUID
    role: str
    days: int
    #: Empty for all.
    topics: Sequence[str] = ()
    areas: Sequence[str] = ()
    teams: Sequence[UUID] = ()
    #: The sensitivities beyond normal that they may open.
    clearance: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One role of one person, as the list shows it."""

    id: UUID
    person: UUID
    name: str
    role: str
    #: The role as the bylaws call it.
    title: str
    #: Empty for all; teams by name.
    topics: tuple[str, ...]
    areas: tuple[str, ...]
    teams: tuple[str, ...]
    clearance: tuple[str, ...]
    from_at: datetime
    expires_at: datetime
    #: Who gave it; empty for what came with the founding.
    giver: str
    #: Whether it counts at this moment.
    holds: bool
    #: Whether somebody ended it before its time.
    ended: bool
    #: Whether whoever looks can end it.
    may_end: bool = False
