"""The ledger's tables: what is public and never changes, and what can be erased."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Index, UniqueConstraint, func, literal_column
from sqlalchemy.orm import Mapped, mapped_column

from node.database import Encrypted, Model


def is_clear(leaf: ColumnElement[bytes]) -> ColumnElement[bool]:
    """Tell a clear entry from a sealed one, spelled as its index has it."""
    return func.length(leaf) != literal_column("49")


class LedgerEntry(Model):
    """One leaf. Triggers refuse to change or delete it."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        Index(
            "ix_ledger_entry_clear",
            "idx",
            sqlite_where=is_clear(literal_column("leaf")),
            postgresql_where=is_clear(literal_column("leaf")),
        ),
    )

    idx: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: The queued leaf it was; None for a cover leaf.
    oid: Mapped[int | None] = mapped_column(unique=True)
    leaf: Mapped[bytes]


class LedgerTile(Model):
    """One full tile."""

    __tablename__ = "ledger_tile"

    level: Mapped[int] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    data: Mapped[bytes]


class LedgerEdge(Model):
    """The tile of one level that is not full yet."""

    __tablename__ = "ledger_edge"

    level: Mapped[int] = mapped_column(primary_key=True)
    data: Mapped[bytes]


class LedgerHead(Model):
    """How large the log is. One row, moved by compare-and-set."""

    __tablename__ = "ledger_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    epoch: Mapped[int]
    size: Mapped[int]
    root: Mapped[bytes]
    note: Mapped[bytes]
    #: The keys that sign, one a line, each with the millisecond in which it stops, the
    #: newest last; None while the first one does.
    signers: Mapped[str | None]
    #: Why nothing may be signed any more, as a witness showed; empty when it may.
    halted: Mapped[str] = mapped_column(server_default="")


class LedgerCheckpoint(Model):
    """A published head."""

    __tablename__ = "ledger_checkpoint"

    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    root: Mapped[bytes]
    note: Mapped[bytes]
    at: Mapped[datetime]


class LedgerTag(Model):
    """Where a published tag stands, for those who look for theirs by its beginning."""

    __tablename__ = "ledger_tag"

    tag: Mapped[bytes] = mapped_column(primary_key=True)
    idx: Mapped[int] = mapped_column(unique=True)


class LedgerPayload(Model):
    """What a clear leaf commits to and does not say. Erasable."""

    __tablename__ = "ledger_payload"

    commitment: Mapped[bytes] = mapped_column(primary_key=True)
    #: The queued leaf that commits to it.
    oid: Mapped[int] = mapped_column(index=True)
    salt: Mapped[bytes]
    data: Mapped[bytes]
    #: Whether everybody may have it.
    public: Mapped[bool]
    #: The poll that it closes, or that has to be closed before everybody may have it.
    poll: Mapped[str | None] = mapped_column(index=True)


class LedgerOutbox(Model):
    """A leaf that waits for its index. Its number is never used again."""

    __tablename__ = "ledger_outbox"
    __table_args__ = ({"sqlite_autoincrement": True},)

    oid: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    leaf: Mapped[bytes]


class LedgerSeal(Model):
    """What opens one sealed leaf. Erasable."""

    __tablename__ = "ledger_seal"
    __table_args__ = (
        UniqueConstraint("case_id", "seq"),
        Index("ix_ledger_seal_eid", "eid", unique=True),
    )

    oid: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    eid: Mapped[bytes]
    case_id: Mapped[UUID]
    seq: Mapped[int]
    nonce: Mapped[bytes]
    entry: Mapped[bytes]
    stmt: Mapped[bytes]
    proof: Mapped[bytes]
    #: Sealed: the salt and facts behind an attestation.
    evidence: Mapped[bytes | None] = mapped_column(Encrypted)


class LedgerDisclosure(Model):
    """One salted field of an entry. Erasable."""

    __tablename__ = "ledger_disclosure"

    oid: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    n: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[bytes]
    #: Sealed under the chain's content key.
    disclosure: Mapped[bytes] = mapped_column(Encrypted)


class LedgerChain(Model):
    """One member's side of one case; also the one chain of clear leaves."""

    __tablename__ = "ledger_chain"

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    #: What the chain's key is committed to; unique, so no case has two.
    kc: Mapped[bytes | None] = mapped_column(unique=True)
    #: Sealed under the chain's content key.
    case_key: Mapped[bytes | None] = mapped_column(Encrypted)
    key_by: Mapped[str]
    next_seq: Mapped[int]
    head: Mapped[bytes | None]
    at: Mapped[datetime]
    #: From then on nothing opens it and nothing is added. Its `kc` stays, so that
    #: nobody begins another chain, whose tags would be the same, under its key.
    erased_at: Mapped[datetime | None]


class LedgerLost(Model):
    """An entry that stands in the log, and whose private part was lost here."""

    __tablename__ = "ledger_lost"

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: The queued leaf that it was.
    oid: Mapped[int]
    c: Mapped[bytes]


class LedgerErasure(Model):
    """One erasure that was done: what the journal says beside the database."""

    __tablename__ = "ledger_erasure"

    #: As the journal has it.
    id: Mapped[UUID] = mapped_column(primary_key=True)
    #: `redact`, `content`, `entry` or `chain`.
    level: Mapped[str]
    case_id: Mapped[UUID] = mapped_column(index=True)
    #: The entry's number, and the field's; None for a whole chain.
    seq: Mapped[int | None]
    n: Mapped[int | None]
    #: The queued leaf that the entry was.
    oid: Mapped[int | None]
    at: Mapped[datetime]
