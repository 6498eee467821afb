"""How somebody wants to be told, and the digests that follow from it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from governance.notices import Family, Pace
from governance.people import ContactKind
from node.database import Model
from node.models.kinds import word


class NoticeHours(Model):
    """When somebody is not to be disturbed, by the clocks of where they are."""

    __tablename__ = "notice_hours"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    zone: Mapped[str]
    quiet_from: Mapped[int]
    quiet_to: Mapped[int]


class NoticePace(Model):
    """How often somebody is told of one family by one channel; no row: at once."""

    __tablename__ = "notice_pace"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    channel: Mapped[ContactKind] = mapped_column(word(ContactKind), primary_key=True)
    family: Mapped[Family] = mapped_column(word(Family), primary_key=True)
    pace: Mapped[Pace] = mapped_column(word(Pace))


class Digest(Model):
    """One message to one contact that takes in everything until it leaves."""

    __tablename__ = "digest"
    __table_args__ = (UniqueConstraint("contact_id", "due_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(index=True)
    contact_id: Mapped[UUID]
    due_at: Mapped[datetime]
    #: Made when it is begun: a mailbox that gets it twice shows it once.
    message_id: Mapped[str]
    #: Until then one worker is at it, and no other begins.
    lease_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
