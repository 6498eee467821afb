"""The private conversation of one person on one case."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from governance.intake import Channel
from governance.threads import Direction, MessageKind
from node.database import Encrypted, Model
from node.models.kinds import word


class Message(Model):
    """One message of a thread. A case has one thread: its member's."""

    __tablename__ = "message"
    __table_args__ = (Index("ix_message_case", "case_id", "sent_at"),)

    #: Chosen by the form or the program, so that sending twice writes once.
    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    author_id: Mapped[UUID | None]
    direction: Mapped[Direction] = mapped_column(word(Direction))
    kind: Mapped[MessageKind] = mapped_column(word(MessageKind))
    #: Whether a person wrote it: only then does it answer a member.
    human: Mapped[bool]
    channel: Mapped[Channel] = mapped_column(word(Channel))
    #: Sealed.
    body: Mapped[bytes] = mapped_column(Encrypted)
    #: HMAC of the words, to know the same sending again.
    digest: Mapped[bytes]
    sent_at: Mapped[datetime]
    entry_seq: Mapped[int]
    #: Sealed: the address it came from, where nothing proves that it is the member's.
    sender: Mapped[bytes | None] = mapped_column(Encrypted)
    #: The version of a template that its writer began with.
    text_id: Mapped[UUID | None]


class Spoken(Model):
    """That a message was said or on paper: who wrote it down, and whether it holds."""

    __tablename__ = "spoken"

    #: The message itself; it may be erased alone.
    message_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    captured_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    #: When it was, as whoever wrote it down says. Promises go by when that was.
    happened_at: Mapped[datetime]
    #: Whether it is word for word, or in short.
    whole: Mapped[bool]
    #: When the member said that it never was.
    denied_at: Mapped[datetime | None]


class SpokenPledge(Model):
    """What a spoken message did to a promise, to take it back if it never was."""

    __tablename__ = "spoken_pledge"

    message_id: Mapped[UUID] = mapped_column(primary_key=True)
    pledge_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    #: Whether it began with the message; else it was kept by it.
    begun: Mapped[bool]
