"""The ledger's tables: what is public and never changes, and what can be erased."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from node.database import Encrypted, Model


class LedgerEntry(Model):
    """One leaf. Triggers refuse to change or delete it."""

    __tablename__ = "ledger_entry"

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


class LedgerCheckpoint(Model):
    """A published head."""

    __tablename__ = "ledger_checkpoint"

    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    root: Mapped[bytes]
    note: Mapped[bytes]
    at: Mapped[datetime]


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
