"""The bylaws the community has had, whole, one row a version."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from node.database import Model


class Rules(Model):
    """One version of the bylaws."""

    __tablename__ = "rules"

    version: Mapped[int] = mapped_column(primary_key=True)
    identity: Mapped[str] = mapped_column(unique=True)
    #: The document as JSON.
    document: Mapped[str]
    since: Mapped[datetime]
