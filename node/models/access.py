"""Who read what, and what left, by which consent. No row here holds words."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from governance.access import Field, Ground, Sent
from node.database import Encrypted, Model
from node.models.kinds import word


class Access(Model):
    """One restricted read; what is read again within the hour is counted in it."""

    __tablename__ = "access"
    __table_args__ = (
        Index("ix_access_case", "case_id", "id"),
        Index("ix_access_again", "person_id", "field", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    #: The role that let them; empty where none did.
    role: Mapped[str]
    field: Mapped[Field] = mapped_column(word(Field))
    ground: Mapped[Ground] = mapped_column(word(Ground))
    #: None for what is about no single case, and wherever nothing could be read.
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("case.id"))
    #: Whose person was looked up or revealed, where no case says it.
    about_id: Mapped[UUID | None]
    #: The breaking of the glass it happened under.
    glass_id: Mapped[UUID | None]
    channel: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)
    last_at: Mapped[datetime]
    times: Mapped[int]


class Disclosure(Model):
    """One thing that left this community, to whom, and by which consent."""

    __tablename__ = "disclosure"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    what: Mapped[Sent] = mapped_column(word(Sent))
    #: `everybody`, the host of a partner, or what a party is in the case.
    recipient: Mapped[str]
    #: None for what a party is shown, whom the member named.
    consent_id: Mapped[UUID | None] = mapped_column(ForeignKey("consent.id"))
    at: Mapped[datetime]


class Glass(Model):
    """That somebody asked to read a case no role of theirs opens, and what became."""

    __tablename__ = "glass"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    #: As what they asked.
    role: Mapped[str]
    #: Sealed under the case's key; the member reads it once told.
    reason: Mapped[bytes | None] = mapped_column(Encrypted)
    asked_at: Mapped[datetime]
    #: Who agreed or said no; None where the rules want nobody.
    second_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    refused_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    #: Until when, by whom and why it is kept from the member.
    sealed_until: Mapped[datetime | None]
    sealed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    seal_reason: Mapped[bytes | None] = mapped_column(Encrypted)
    told_at: Mapped[datetime | None]
