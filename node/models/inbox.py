"""What other nodes sent, byte for byte, and what may never come back."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from node.database import Model


class Received(Model):
    """One activity. Its id is taken for ever; its bytes are those that were signed."""

    __tablename__ = "received"
    __table_args__ = (Index("ix_received_state", "state", "at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    #: SHA-256 of the body: the same id with other bytes replaces nothing.
    digest: Mapped[bytes]
    actor: Mapped[str]
    origin: Mapped[str] = mapped_column(index=True)
    #: The path it was sent to.
    inbox: Mapped[str]
    lane: Mapped[str]
    type: Mapped[str]
    #: None once it was handled, whatever became of it.
    raw: Mapped[bytes | None]
    #: `stored`, `done`, `refused`, `buried` or `quarantined`; `waiting` for what is
    #: not here yet, `parked` for a steward, or `dropped` by time or by a steward.
    state: Mapped[str]
    #: Why it was refused or waits: a code.
    problem: Mapped[str]
    #: How the request was signed.
    profile: Mapped[str]
    at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    #: The id of what it waits for.
    awaits: Mapped[str | None] = mapped_column(index=True)


class Tombstone(Model):
    """The hash of an id that was deleted: whatever comes under it is dropped."""

    __tablename__ = "tombstone"

    mark: Mapped[bytes] = mapped_column(primary_key=True)
    at: Mapped[datetime]
