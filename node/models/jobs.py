"""Work that is owed: the queue itself."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from node.database import Model


class Job(Model):
    """One piece of work, written by the transaction that caused it."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_due", "done_at", "dead_at", "run_at"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    kind: Mapped[str]
    #: An id, never content.
    subject: Mapped[str]
    #: The same work asked for twice is one row.
    dedupe_key: Mapped[str] = mapped_column(unique=True)
    run_at: Mapped[datetime]
    #: Also the fencing token of whoever holds the lease.
    attempts: Mapped[int]
    lease_until: Mapped[datetime | None]
    owner: Mapped[str | None]
    done_at: Mapped[datetime | None]
    dead_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
    #: The ledger entry whose durability the cause waits for; None for none.
    oid: Mapped[int | None]
