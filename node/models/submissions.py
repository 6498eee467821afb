"""First-party words, exactly as they came. Nothing ever edits one."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from governance.claims import Value, ValueKind
from governance.intake import Channel, Identity, Source
from node.database import Encrypted, Model
from node.models.kinds import word


class Submission(Model):
    """What somebody said, word for word."""

    __tablename__ = "submission"

    #: Chosen by the form or the program, so that sending twice submits once.
    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    channel: Mapped[Channel] = mapped_column(word(Channel))
    source: Mapped[Source] = mapped_column(word(Source))
    identity: Mapped[Identity] = mapped_column(word(Identity))
    language: Mapped[str]
    #: Sealed.
    text: Mapped[bytes] = mapped_column(Encrypted)
    #: HMAC of everything that was sent, to know the same sending again.
    digest: Mapped[bytes]
    #: HMAC of the visitor who sent it: nobody else gets the first answer again.
    sender: Mapped[bytes]
    received_at: Mapped[datetime]


class Claim(Model):
    """What the member wants put right, and what it is worth to them."""

    __tablename__ = "claim"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), primary_key=True)
    #: Sealed.
    wanted: Mapped[bytes | None] = mapped_column(Encrypted)
    #: Sealed: kind, number and unit, for the unit is the member's word.
    value: Mapped[bytes | None] = mapped_column(Encrypted)
    #: Sealed: what the advocate says was obtained.
    obtained: Mapped[bytes | None] = mapped_column(Encrypted)


class Piece(Model):
    """That a part of what somebody said is a case of its own: where it stands there."""

    __tablename__ = "piece"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    #: Chosen by the form or the program, so that sending twice splits once.
    split_id: Mapped[UUID] = mapped_column(index=True)
    #: The case whose words it is a part of; and the one that was made of it.
    from_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), unique=True)
    #: In characters of the whole.
    starts: Mapped[int]
    ends: Mapped[int]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    #: Its entry in the chain of the case it came from; and that of taking it back.
    entry_seq: Mapped[int]
    undone_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    undone_at: Mapped[datetime | None]
    undone_seq: Mapped[int | None]


def packed(value: Value) -> str:
    """Return a value as it is sealed: its number never with an exponent."""
    return f"{value.kind} {value.number:f} {value.unit}"


def unpacked(text: str) -> Value:
    """Return the value that was sealed."""
    kind, number, unit = text.split(" ", 2)
    return Value(ValueKind(kind), Decimal(number), unit)
