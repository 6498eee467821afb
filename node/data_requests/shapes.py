"""Requests for one's own data, as plain values."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from governance.consent import Purpose
from governance.data_requests import Kind, State


@dataclass(frozen=True, slots=True)
class Wish:
    """What a member asks for."""

    kind: Kind
    words: str = field(repr=False)
    #: What their data shall not be used for, if that is what they ask.
    purpose: Purpose | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What whoever is responsible says."""

    words: str = field(repr=False)
    refused: bool = False
    #: Whom the member can turn to, where it is refused.
    complain: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One request without a word of it, and how much time is left."""

    id: UUID
    kind: Kind
    purpose: Purpose | None
    state: State
    received_at: datetime
    due_at: datetime
    #: Whether the time was over before anybody answered.
    late: bool
    settled_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(Line):
    """One request as its member has it."""

    words: str
    #: Empty until somebody answered.
    answer: str
    #: Why it takes two months longer; empty unless it does.
    longer: str
    complain: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened(Request):
    """One request as whoever answers it has it."""

    person_id: UUID
    name: str
    #: Who answered.
    by_name: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is to be answered, by its day; and the newest of what was."""

    open: tuple[Line, ...]
    settled: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """What a member says is right; it stands beside what is held of them."""

    at: datetime
    words: str
