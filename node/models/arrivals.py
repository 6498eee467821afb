"""What came in by a channel that brings bytes, and what came of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from governance.intake import Channel, Course, Machine
from node.database import Model
from node.models.kinds import word


class Arrival(Model):
    """One delivery. It outlives its case, so that no old copy brings that back.

    No hash of what came stands here that somebody could guess words against.
    """

    __tablename__ = "arrival"

    #: HMAC of the draft's key, so that nothing is told by it without ours.
    dedupe: Mapped[bytes] = mapped_column(primary_key=True)
    channel: Mapped[Channel] = mapped_column(word(Channel))
    machine: Mapped[Machine] = mapped_column(word(Machine))
    course: Mapped[Course] = mapped_column(word(Course))
    #: When the channel got it, and when we had it.
    received_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    #: The case it made or went into, and its entry there: the receipt.
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("case.id"), index=True)
    entry_seq: Mapped[int | None]
    #: Where what we sent did not arrive. The contact itself may be gone.
    contact_id: Mapped[UUID | None] = mapped_column(index=True)
