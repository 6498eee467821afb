"""Wards and other named places a case can be about."""

from sqlalchemy.orm import Mapped, mapped_column

from node.database import Model


class Area(Model):
    """One named area."""

    __tablename__ = "area"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
