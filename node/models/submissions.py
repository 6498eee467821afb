"""First-party words, exactly as they came. Nothing ever edits one."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from governance.claims import ValueKind
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
    value_kind: Mapped[ValueKind | None] = mapped_column(word(ValueKind))
    value_number: Mapped[str | None]
    value_unit: Mapped[str | None]
    #: Sealed: what the advocate says was obtained.
    obtained: Mapped[bytes | None] = mapped_column(Encrypted)


def plain(number: Decimal) -> str:
    """Return a decimal as it is stored: never with an exponent."""
    return format(number, "f")
