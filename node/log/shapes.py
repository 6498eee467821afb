"""What is to be sealed, and what waits for its index."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from ledger.author import Channel
from ledger.encoding import Json
from ledger.entry import Role
from node.log.authoring import Authored

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """One thing to be sealed."""

    kind: str
    role: Role
    #: Disclosed to whoever is shown it; empty values are left out.
    fields: Mapping[str, Json] = field(default_factory=dict)
    #: How it reached us, when the node only attests to it; None for its own acts.
    channel: Channel | None = None
    #: What the attestation rests on; private and erasable.
    facts: Mapping[str, str] = field(default_factory=dict)
    #: C of the entry this one answers.
    re: bytes | None = None
    #: What its author signed, where they did.
    authored: Authored | None = None


@dataclass(frozen=True, slots=True)
class Ticket:
    """What waits to get its index: the last entry of a transaction."""

    oid: int
    case_id: UUID
    seq: int
    c: bytes


def milliseconds(at: datetime) -> int:
    """Return a moment as entries have it: whole milliseconds since 1970."""
    return (at - _EPOCH) // _MILLISECOND
