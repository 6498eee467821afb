"""What the node holds about a member, as they and their programs read it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from governance.access import Field, Ground
from governance.cases import Outcome, State
from governance.consent import Purpose, Standing
from governance.intake import Identity
from governance.people import ContactKind, ContactState, Provenance
from governance.retention import Phase
from node.data_requests import Request
from node.interests import Declared
from node.texts.snippets import Kept


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactHeld:
    """One way to reach the member."""

    kind: ContactKind
    value: str
    provenance: Provenance
    state: ContactState
    verified_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleHeld:
    """One role the member has or had."""

    role: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseHeld:
    """One case of the member, and what becomes of it."""

    id: UUID
    reference: str
    title: str
    state: State
    outcome: Outcome | None
    received_at: datetime
    closed_at: datetime | None
    restricted_at: datetime | None
    keeping: Phase | None
    #: By when something becomes of it without an answer.
    due_at: datetime | None
    #: How often somebody else opened something of it.
    reads: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """One record of consent."""

    id: UUID
    case: str
    purpose: Purpose
    recipient: str
    state: Standing
    given_at: datetime | None
    valid_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUp:
    """One look at the member themselves, outside of any case."""

    at: datetime
    times: int
    role: str
    field: Field
    ground: Ground


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Everything about one member, but for the words of their cases."""

    name: str
    language: str
    identity: Identity
    since: datetime
    contacts: tuple[ContactHeld, ...]
    roles: tuple[RoleHeld, ...]
    cases: tuple[CaseHeld, ...]
    purposes: tuple[tuple[Purpose, tuple[Agreed, ...]], ...]
    look_ups: tuple[LookUp, ...]
    requests: tuple[Request, ...]
    #: Short texts of their own, to begin replies with.
    snippets: tuple[Kept, ...]
    #: What they declared to have to do with.
    interests: tuple[Declared, ...]
