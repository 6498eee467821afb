"""Where the keys of members' words are kept, wrapped."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from node.database import Model


class ContentKey(Model):
    """The key of one person's or one case chain's words, wrapped under an epoch."""

    __tablename__ = "content_key"

    kind: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[UUID] = mapped_column(primary_key=True)
    epoch: Mapped[int] = mapped_column(index=True)
    wrapped: Mapped[bytes]
    created_at: Mapped[datetime]


class WrapEpoch(Model):
    """When a key that wraps content keys was first seen here."""

    __tablename__ = "wrap_epoch"

    epoch: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    began_at: Mapped[datetime]


class FlushMark(Model):
    """One row that changes when a flush is needed and nothing else does."""

    __tablename__ = "flush_mark"

    id: Mapped[int] = mapped_column(primary_key=True)
    n: Mapped[int]
