"""Logs of ours that ended: each as it was then, beside the one that goes on."""

from datetime import datetime

from sqlalchemy import Index, literal_column
from sqlalchemy.orm import Mapped, mapped_column

from node.database import Model
from node.models.log import is_clear


class LedgerPast(Model):
    """A log of ours that ended, as it was then. Nothing is ever added to it."""

    __tablename__ = "ledger_past"

    epoch: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    size: Mapped[int]
    root: Mapped[bytes]
    #: The signed head, with the lines of those who cosigned that size.
    note: Mapped[bytes]
    #: The largest size that enough witnesses saw, and its checkpoint with their lines.
    seen_size: Mapped[int]
    seen_note: Mapped[bytes | None]
    #: As in the head.
    signers: Mapped[str]
    reason: Mapped[str]
    ended_at: Mapped[datetime]


class LedgerPastEntry(Model):
    """One leaf of a log that ended. Triggers refuse to change or delete it."""

    __tablename__ = "ledger_past_entry"
    __table_args__ = (
        Index(
            "ix_ledger_past_entry_clear",
            "epoch",
            "idx",
            sqlite_where=is_clear(literal_column("leaf")),
            postgresql_where=is_clear(literal_column("leaf")),
        ),
    )

    epoch: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    idx: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    oid: Mapped[int | None] = mapped_column(unique=True)
    leaf: Mapped[bytes]


class LedgerPastTile(Model):
    """One tile of a log that ended, full or not."""

    __tablename__ = "ledger_past_tile"

    epoch: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    data: Mapped[bytes]
