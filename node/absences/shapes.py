"""What somebody says about being away, as plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from node.assignments import Colleague
from node.roster import TurnShown


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """From which day to which, both whole, and who stands in."""

    first: date
    last: date
    #: In the order in which they are asked.
    deputies: Sequence[UUID] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """One time somebody is away."""

    id: UUID
    from_at: datetime
    until_at: datetime
    #: By name, in the order in which they are asked.
    deputies: tuple[str, ...]
    #: Whether it is now.
    now: bool


@dataclass(frozen=True, slots=True)
class Mine:
    """What somebody's own page of absences shows."""

    away: tuple[Away, ...]
    #: Who can stand in.
    colleagues: tuple[Colleague, ...]
    #: When one is on call, and what others look for a taker for.
    turns: tuple[TurnShown, ...] = ()
