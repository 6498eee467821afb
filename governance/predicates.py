"""The conditions a permission may name, each a question about given facts.

An answer is yes, no, or None: cannot be told. Then a deny holds and an allow
fails, because on doubt nothing is allowed.
"""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from governance.roles import Grant, covers
from governance.rules import Predicate


class SubjectKind(StrEnum):
    """What asks: a person who belongs, one who does not, a node, the software."""

    MEMBER = "member"
    GUEST = "guest"
    PEER = "peer"
    SYSTEM = "system"


class Status(StrEnum):
    """How somebody stands in the community."""

    PROBATION = "probation"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    LEFT = "left"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Subject:
    """Who asks."""

    kind: SubjectKind
    #: The person, also of a guest with a signed link; None for nobody in particular.
    member: UUID | None = None
    #: None for whoever is no member.
    status: Status | None = None
    grants: tuple[Grant, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """What is asked about. None says that a fact is not known."""

    owner: UUID | None = None
    parties: AbstractSet[UUID] | None = frozenset()
    assigned: AbstractSet[UUID] | None = frozenset()
    topic: str | None = None
    area: str | None = None
    sensitivity: str | None = None
    #: The team that has it; None for none.
    team: str | None = None
    #: The purposes that its owner's consents in force cover.
    consents: AbstractSet[str] | None = frozenset()
    #: The people who have an interest in it.
    conflicts: AbstractSet[UUID] | None = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstance:
    """When, and under which circumstances."""

    at: datetime
    #: What it is for, in the words of consent.
    purpose: str | None = None
    #: The verbs that emergencies in force name.
    emergency: AbstractSet[str] = frozenset()
    #: Other holders of the verb who confirmed this exact request in 24 hours.
    confirmed_by: AbstractSet[UUID] = frozenset()
    #: Whether the local time lies in opening hours; None when nobody looked.
    in_hours: bool | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: who wants to do what, under which grant if any."""

    who: Subject
    verb: str
    what: Resource
    now: Circumstance
    grant: Grant | None = None


def holds(predicate: Predicate, asked: Asked) -> bool | None:
    """Say whether a condition holds; None when that cannot be told."""
    return PREDICATES[predicate](asked)


def is_own(asked: Asked) -> bool | None:
    """Say whether the resource belongs to whoever asks."""
    if asked.what.owner is None:
        return None
    return asked.who.member == asked.what.owner


def is_conflicted(asked: Asked) -> bool | None:
    """Say whether whoever asks has an interest in the resource."""
    return _among(asked.who.member, asked.what.conflicts)


def _among(member: UUID | None, people: AbstractSet[UUID] | None) -> bool | None:
    return None if people is None else member in people


def _is_consented(asked: Asked) -> bool | None:
    if asked.what.consents is None or asked.now.purpose is None:
        return None
    return asked.now.purpose in asked.what.consents


def _has_second_person(asked: Asked) -> bool | None:
    if asked.what.conflicts is None:
        return None
    others = asked.now.confirmed_by - asked.what.conflicts
    return any(other != asked.who.member for other in others)


def _is_in_term(asked: Asked) -> bool | None:
    grant = asked.grant
    return None if grant is None else grant.in_force(at=asked.now.at)


def _is_same_topic(asked: Asked) -> bool | None:
    grant = asked.grant
    return None if grant is None else covers(grant.topics, asked.what.topic)


def _is_same_area(asked: Asked) -> bool | None:
    grant = asked.grant
    return None if grant is None else covers(grant.areas, asked.what.area)


def _is_cleared(asked: Asked) -> bool | None:
    grant, level = asked.grant, asked.what.sensitivity
    return None if grant is None else covers(grant.clearance, level)


#: Every condition there is. A new one is a release, never a vote.
PREDICATES: dict[Predicate, Callable[[Asked], bool | None]] = {
    Predicate.OWN: is_own,
    Predicate.PARTY: lambda it: _among(it.who.member, it.what.parties),
    Predicate.ASSIGNED: lambda it: _among(it.who.member, it.what.assigned),
    Predicate.CONSENTED: _is_consented,
    Predicate.CONFLICTED: is_conflicted,
    Predicate.IN_TERM: _is_in_term,
    Predicate.EMERGENCY: lambda it: it.verb in it.now.emergency,
    Predicate.PROBATION: lambda it: it.who.status is Status.PROBATION,
    Predicate.SAME_TOPIC: _is_same_topic,
    Predicate.SAME_AREA: _is_same_area,
    Predicate.WITHIN_HOURS: lambda it: it.now.in_hours,
    Predicate.TWO_PERSON: _has_second_person,
    Predicate.CLEARED: _is_cleared,
}
