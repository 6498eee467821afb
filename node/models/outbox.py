"""What is to reach other nodes: one row an activity, one a recipient, one an origin."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from federation.delivery import State
from node.database import Model
from node.models.kinds import word


class Outgoing(Model):
    """One activity, in the bytes that are sent, whenever and however often."""

    __tablename__ = "outgoing"
    __table_args__ = (
        Index("ix_outgoing_context", "context", "seq"),
        Index("ix_outgoing_actor", "actor", "seq"),
        {"sqlite_autoincrement": True},
    )

    #: The order of commit, which is the order of sending.
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    activity_id: Mapped[str] = mapped_column(unique=True)
    lane: Mapped[str]
    #: What it belongs to: two of one context are never under way at once.
    context: Mapped[str]
    #: The path of the actor that signs.
    actor: Mapped[str]
    type: Mapped[str]
    raw: Mapped[bytes]
    #: The ledger entry that must be in the log before it leaves; None for none.
    oid: Mapped[int | None]
    created_at: Mapped[datetime]


class Target(Model):
    """One inbox that one activity goes to, and what became of it."""

    __tablename__ = "target"
    __table_args__ = (Index("ix_target_open", "origin", "state", "seq"),)

    seq: Mapped[int] = mapped_column(ForeignKey("outgoing.seq"), primary_key=True)
    inbox: Mapped[str] = mapped_column(primary_key=True)
    lane: Mapped[str]
    origin: Mapped[str]
    state: Mapped[State] = mapped_column(word(State))
    attempts: Mapped[int]
    #: The last answer: a status, or a code where there was none.
    answer: Mapped[str]
    profile: Mapped[str]
    next_try_at: Mapped[datetime]
    #: Since when every answer to it is a 5xx or none.
    failing_since: Mapped[datetime | None]
    at: Mapped[datetime | None]


class Courier(Model):
    """How sending to one origin goes, and who is doing it now."""

    __tablename__ = "courier"

    origin: Mapped[str] = mapped_column(primary_key=True)
    #: The last failures without a break, as moments separated by spaces.
    failures: Mapped[str]
    #: Until when nothing is tried, and how many seconds that was opened for.
    open_until: Mapped[datetime | None]
    span: Mapped[int]
    #: The first failure of each day on which it only failed, likewise.
    silent: Mapped[str]
    failed_at: Mapped[datetime | None]
    #: Not before; None while nothing waits.
    next_try_at: Mapped[datetime | None] = mapped_column(index=True)
    lease_until: Mapped[datetime | None]
    lease_by: Mapped[str | None]
