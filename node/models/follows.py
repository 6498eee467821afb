"""Who follows whom: strangers our community, and our community others."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from node.database import Model


class Follow(Model):
    """One actor that follows another; counted by both sides once it is accepted."""

    __tablename__ = "follow"

    actor: Mapped[str] = mapped_column(primary_key=True)
    object: Mapped[str] = mapped_column(primary_key=True)
    #: The id of the `Follow` itself, which `Accept` and `Undo` name.
    id: Mapped[str] = mapped_column(unique=True)
    #: `pending`, `accepted` or `rejected`.
    state: Mapped[str]
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
