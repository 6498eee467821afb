"""A community's bylaws as values.

Whoever holds a `Bylaws` holds rules that were checked; every decision made with
them carries their identity.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from governance.calendars import Calendar
from governance.cases import Priority


class PledgeKind(StrEnum):
    """What is promised."""

    ACKNOWLEDGE = "acknowledge"
    TRIAGE = "triage"
    FIRST_RESPONSE = "first_response"
    PROGRESS = "progress"
    FOLLOW_UP = "follow_up"
    RESOLUTION = "resolution"
    CONFIRMATION = "confirmation"
    ASSIGNEE_ACCEPT = "assignee_accept"
    ASSIGNEE_ACT = "assignee_act"
    SUGGESTION_ANSWER = "suggestion_answer"


class Clock(StrEnum):
    """Which minutes count towards a pledge."""

    ALWAYS = "always"
    BUSINESS = "business"


class Unit(StrEnum):
    """In what the length of a pledge is written."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working_days"


class Effect(StrEnum):
    """What a permission does when it matches."""

    ALLOW = "allow"
    DENY = "deny"


class Predicate(StrEnum):
    """The closed list of conditions a permission may name."""

    OWN = "own"
    PARTY = "party"
    ASSIGNED = "assigned"
    CONSENTED = "consented"
    CONFLICTED = "conflicted"
    IN_TERM = "in_term"
    EMERGENCY = "emergency"
    PROBATION = "probation"
    SAME_TOPIC = "same_topic"
    SAME_AREA = "same_area"
    WITHIN_HOURS = "within_hours"
    TWO_PERSON = "two_person"
    CLEARED = "cleared"


@dataclass(frozen=True, slots=True)
class Permission:
    """One row: who may, or may never, do what under which conditions."""

    id: str
    role: str
    verb: str
    effect: Effect
    when: frozenset[Predicate]


@dataclass(frozen=True, slots=True)
class Role:
    """One role the community gives to members for a term."""

    id: str
    title: str
    #: None for as many as are wanted.
    seats: int | None
    term_days: int


@dataclass(frozen=True, slots=True)
class PledgeRule:
    """One promised time, as the bylaws say it."""

    id: str
    kind: PledgeKind
    #: None for any.
    priority: Priority | None
    amount: int
    unit: Unit
    clock: Clock
    #: Whether it waits while the member is asked something.
    pauses: bool


@dataclass(frozen=True, slots=True)
class CaseRules:
    """What the bylaws say about cases."""

    #: Whether triage hides who it is until the priority is saved.
    blind_triage: bool
    reopen_days: int
    appeal_days: int
    restore_days: int
    contact_attempts: int


@dataclass(frozen=True, slots=True)
class RetentionRules:
    """For how many days what is kept, as the bylaws say it."""

    #: After closing, where its member wants a case kept; then they are asked again.
    case_closed: int
    #: After which a case loses its name when its member never answered.
    no_answer: int
    attachment: int
    voicemail: int
    raw_message: int


@dataclass(frozen=True, slots=True)
class AccessRules:
    """What the bylaws say about looking where no role leads."""

    break_glass_hours: int
    tell_member_hours: int


@dataclass(frozen=True, slots=True)
class Bylaws:
    """One version of a community's rules, checked and ready to decide with."""

    identity: str
    version: int
    community: str
    title: str
    language: str
    permissions: tuple[Permission, ...]
    roles: Mapping[str, Role]
    pledges: tuple[PledgeRule, ...]
    #: Without closed days; whoever knows them puts them in with `replace`.
    calendar: Calendar
    #: The region whose public holidays are closed days, such as `DE-BE`, or None.
    holidays: str | None
    cases: CaseRules
    retention: RetentionRules
    access: AccessRules
    #: Which version of the closed days is in `calendar`; 0 for none.
    closed_days: int = 0
