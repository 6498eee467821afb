"""What is to be told to whom, and whether it left."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from node.database import Encrypted, Model


class Notice(Model):
    """One message to one contact point, written by the transaction that caused it."""

    __tablename__ = "notice"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contact_point.id"))
    case_id: Mapped[UUID | None]
    kind: Mapped[str]
    #: Made when queued: a relay or mailbox that gets it twice shows it once.
    message_id: Mapped[str] = mapped_column(unique=True)
    #: Sealed under the person's key; emptied once the message left.
    secrets: Mapped[bytes | None] = mapped_column(Encrypted)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    #: The message it leaves in, when it does not leave alone.
    digest_id: Mapped[UUID | None] = mapped_column(index=True)
    #: The ledger entry that must be durable before anybody is told.
    oid: Mapped[int | None]
