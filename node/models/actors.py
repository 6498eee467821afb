"""The keys our own actors sign with; private ones are sealed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from node.database import Encrypted, Model


class ActorKey(Model):
    """One key pair of one actor of this node. A new one gets the next number."""

    __tablename__ = "actor_key"

    #: The path of the actor's id: `/ap/node`, `/ap/c/ash`, `/ap/u/cleo`.
    actor: Mapped[str] = mapped_column(primary_key=True)
    #: `rsa`, `ed25519` or `x25519`.
    kind: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    #: PEM for RSA, the raw 32 bytes for the others.
    public: Mapped[bytes]
    #: Sealed under a key of the node's own; None once it was destroyed.
    private: Mapped[bytes | None] = mapped_column(Encrypted)
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class AdvocateActor(Model):
    """An advocate who agreed to be seen by other nodes, under a handle."""

    __tablename__ = "advocate_actor"

    handle: Mapped[str] = mapped_column(primary_key=True)
    #: Whoever closed one may open another; two at a time nobody has.
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    #: What is shown with it; they chose it for the public.
    name: Mapped[str]
    opened_at: Mapped[datetime]
    #: From then on the actor is gone for everybody.
    closed_at: Mapped[datetime | None]
