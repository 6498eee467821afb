"""Pledges as values: what is promised, and the facts about what was.

The length is always in open minutes of one clock; nothing else is ever counted.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from governance.rules import Clock, PledgeKind


class PledgeState(StrEnum):
    """Where a pledge stands."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    MET_LATE = "met_late"
    OVERDUE = "overdue"
    VOID = "void"


class Cause(StrEnum):
    """Why a pledge was missed."""

    CAPACITY = "capacity"
    ABSENCE = "absence"
    MIS_TRIAGE = "mis_triage"
    WAITING_OUTSIDE = "waiting_outside"
    TECHNICAL = "technical"
    UNCLEAR_RULE = "unclear_rule"
    MEMBER_CONTACT = "member_contact"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What is promised now, ready to be written down."""

    kind: PledgeKind
    #: In open minutes of its clock, which is the only unit.
    need_minutes: int
    started_at: datetime
    due_at: datetime
    #: The id of the bylaws' row, and the identity of those bylaws.
    rule: str
    rules: str
    clock: Clock
    #: Whether it waits while the member is asked something.
    pauses: bool
    #: Which version of the closed days it was promised with.
    closed_days: int = 0


class Pledge(Protocol):
    """The facts about a pledge that was made."""

    @property
    def kind(self) -> PledgeKind:
        """What was promised."""

    @property
    def need_minutes(self) -> int:
        """How many open minutes were given."""

    @property
    def started_at(self) -> datetime:
        """From when they count."""

    @property
    def due_at(self) -> datetime | None:
        """When it is due; None while it is paused."""

    @property
    def state(self) -> PledgeState:
        """Where it stood when it was last written down."""
