"""What this node knows of others: their actors, their keys, and how they sign."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from node.database import Model


class Peer(Model):
    """One origin that we met."""

    __tablename__ = "peer"

    origin: Mapped[str] = mapped_column(primary_key=True)
    #: `open`, `limited` or `blocked`.
    mode: Mapped[str]
    #: Why, and who looks at it again when; for stewards.
    reason: Mapped[str]
    review_at: Mapped[datetime | None]
    #: The chain of what was decided about it; None while nothing ever was.
    chain_id: Mapped[UUID | None] = mapped_column(unique=True)
    #: When stewards were told that this is due.
    reminded_at: Mapped[datetime | None]
    #: The signature profile it last took from us; empty while none is known.
    profile: Mapped[str]
    profile_until: Mapped[datetime | None]
    #: How often in a row it answered 401.
    strikes: Mapped[int]
    first_seen_at: Mapped[datetime]
    #: When it last sent something well signed; None for never.
    seen_at: Mapped[datetime | None]


class RemoteActor(Model):
    """An actor of another node, as its own origin served it."""

    __tablename__ = "remote_actor"

    id: Mapped[str] = mapped_column(primary_key=True)
    origin: Mapped[str] = mapped_column(index=True)
    type: Mapped[str]
    handle: Mapped[str]
    name: Mapped[str]
    inbox: Mapped[str]
    #: Empty when it has none.
    shared_inbox: Mapped[str]
    url: Mapped[str]
    fetched_at: Mapped[datetime]
    gone_at: Mapped[datetime | None]


class RemoteKey(Model):
    """A key that was accepted, from its own origin only."""

    __tablename__ = "remote_key"

    id: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(index=True)
    #: `rsa` or `ed25519`.
    kind: Mapped[str]
    raw: Mapped[bytes]
    fetched_at: Mapped[datetime]
    #: When a failing signature last made us ask again.
    doubted_at: Mapped[datetime | None]


class SeenSignature(Model):
    """A signature that was accepted, for as long as it could be sent again."""

    __tablename__ = "seen_signature"

    mark: Mapped[bytes] = mapped_column(primary_key=True)
    until: Mapped[datetime] = mapped_column(index=True)
