"""Public cases and public replies: ours, and those of other communities."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from node.database import Model


class Publication(Model):
    """What a member agreed to show of their case, in the words they agreed to."""

    __tablename__ = "publication"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), primary_key=True)
    #: The last part of the public id; says nothing about the case.
    key: Mapped[str] = mapped_column(unique=True)
    consent_id: Mapped[UUID] = mapped_column(ForeignKey("consent.id"))
    #: Empty once it was taken back.
    title: Mapped[str]
    text: Mapped[str]
    published_at: Mapped[datetime] = mapped_column(index=True)
    updated_at: Mapped[datetime]
    #: The case's state when others were last told.
    told_state: Mapped[str]
    ended_at: Mapped[datetime | None]


class EndedPublication(Model):
    """The id of a public case that was taken back before its case was public again."""

    __tablename__ = "ended_publication"

    #: The last part of the public id, which no other thing ever gets.
    key: Mapped[str] = mapped_column(primary_key=True)
    ended_at: Mapped[datetime]


class PublicReply(Model):
    """A stranger's or a partner's reply to one of our public cases."""

    __tablename__ = "public_reply"
    __table_args__ = (
        Index("ix_public_reply_actor", "actor", "case_id"),
        Index("ix_public_reply_case", "case_id", "state", "at"),
    )

    #: The id of the `Note`.
    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"))
    #: The last part of the approval's id.
    key: Mapped[str] = mapped_column(unique=True)
    actor: Mapped[str]
    in_reply_to: Mapped[str]
    #: What they wrote, as their node sent it; empty once it was deleted.
    html: Mapped[str]
    digest: Mapped[bytes]
    activity_id: Mapped[str]
    #: The activity as it was signed, while it may still be passed on.
    raw: Mapped[bytes | None]
    #: `pending`, `approved`, `rejected` or `deleted`.
    state: Mapped[str]
    at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    #: Its entry in the case's chain, from when it was approved.
    entry_seq: Mapped[int | None]
    #: The id of the `Announce` that passed it on.
    announce_id: Mapped[str | None]


class RemoteCase(Model):
    """A public case of another community, as its owner last sent it."""

    __tablename__ = "remote_case"

    #: The id of the `Note`.
    id: Mapped[str] = mapped_column(primary_key=True)
    #: The chain this node keeps of it, from its first answer on.
    chain_id: Mapped[UUID] = mapped_column(unique=True)
    actor: Mapped[str] = mapped_column(index=True)
    #: Empty once it was deleted.
    name: Mapped[str]
    html: Mapped[str]
    number: Mapped[str]
    status: Mapped[str]
    #: SHA-256 of the `Note` as it was received, which the chain names.
    digest: Mapped[bytes]
    published_at: Mapped[datetime]
    #: When it was changed last, if its owner says so: what is older changes nothing.
    changed_at: Mapped[datetime | None]
    received_at: Mapped[datetime] = mapped_column(index=True)
    deleted_at: Mapped[datetime | None]


class PublicAnswer(Model):
    """What an advocate of ours answered in public to another community's case."""

    __tablename__ = "public_answer"
    __table_args__ = (Index("ix_public_answer_case", "remote_case", "at"),)

    #: The last part of its public id; chosen by the form, so twice is once.
    key: Mapped[str] = mapped_column(primary_key=True)
    remote_case: Mapped[str] = mapped_column(ForeignKey("remote_case.id"))
    handle: Mapped[str] = mapped_column(ForeignKey("advocate_actor.handle"))
    #: Empty once it was deleted.
    text: Mapped[str]
    language: Mapped[str]
    at: Mapped[datetime]
    entry_seq: Mapped[int]
    #: `sent`; `approved` as its owner said; `deleted` by whoever gave it.
    state: Mapped[str]
    #: The id of the approval that its owner serves; empty for none.
    approval: Mapped[str]
    deleted_at: Mapped[datetime | None]
