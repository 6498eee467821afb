"""What is to be erased: how much of it, and by whose wish. Ids only, never words."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Level(StrEnum):
    """How much of a chain goes (ledger document, section 6)."""

    #: One field of one entry.
    REDACT = "redact"
    #: Every field of one entry, and what an attestation of it rests on.
    CONTENT = "content"
    #: One entry: only its leaf is left, which is noise.
    ENTRY = "entry"
    #: A whole case or member, with the keys; the chain is closed for good.
    CHAIN = "chain"


class Basis(StrEnum):
    """Why something goes, as the public tombstone says it."""

    #: The person whom it is about does not want it kept any more.
    CONSENT = "consent"
    #: Whoever wrote it took it back.
    AUTHOR = "author"
    #: The community's rules say that it is not kept any longer.
    RULE = "rule"
    #: It had been erased before, and was not any more, or not quite.
    AGAIN = "again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """One erasure, as the journal has it."""

    id: UUID
    at: datetime
    level: Level
    #: The id of the chain, which is also that of the case.
    chain: UUID
    #: The entry's number; None for a whole chain.
    seq: int | None = None
    #: The field's number in the entry; None unless one field is meant.
    n: int | None = None


@dataclass(frozen=True, slots=True)
class Why:
    """What the public note of an erasure says besides its level."""

    basis: Basis
    #: Whether it names the entries: only if the person agrees.
    named: bool = False
