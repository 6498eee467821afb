"""Forms half filled in, and answers kept for those who ask twice.

Both hold what people wrote, so both are sealed under a key that only the browser or
program which wrote it can name again.
"""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from node.database import Encrypted, Model


class PendingForm(Model):
    """What somebody has typed into a form of several steps so far."""

    __tablename__ = "pending_form"

    id_hash: Mapped[bytes] = mapped_column(primary_key=True)
    kind: Mapped[str]
    step: Mapped[str]
    data: Mapped[bytes] = mapped_column(Encrypted)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Answered(Model):
    """What was answered to one Idempotency-Key of one client."""

    __tablename__ = "idempotency"

    #: MAC of the client and its key.
    id_hash: Mapped[bytes] = mapped_column(primary_key=True)
    #: MAC of what was asked and of the body it came with.
    body_hash: Mapped[bytes]
    #: Whoever finds no answer by then may do the work again.
    lease_until: Mapped[datetime]
    status: Mapped[int | None]
    answer: Mapped[bytes | None] = mapped_column(Encrypted)
    expires_at: Mapped[datetime] = mapped_column(index=True)
