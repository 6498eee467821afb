"""The community this node belongs to, and whether its doors are open."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from node.database import Model


class Community(Model):
    """The one community of this node: there is exactly one row."""

    __tablename__ = "community"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    slug: Mapped[str]
    prefix: Mapped[str]
    language: Mapped[str]
    zone: Mapped[str]
    preset: Mapped[str]
    mail: Mapped[str]
    phone: Mapped[str]
    sms: Mapped[str]
    place: Mapped[str]
    created_at: Mapped[datetime]
    #: How others come to follow: `open`, `asked` of a steward, or `closed`.
    followers: Mapped[str] = mapped_column(server_default="open")

    #: Set once, never emptied: a node that was opened cannot be set up again.
    opened_at: Mapped[datetime | None]
    setup_hash: Mapped[bytes | None]
    setup_until: Mapped[datetime | None]
