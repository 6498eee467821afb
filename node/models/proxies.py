"""What was told by one person for another, and when somebody acted beside another."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from node.database import Model


class Beside(Model):
    """A short time in which somebody acts for a person who sits beside them."""

    __tablename__ = "beside"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    #: When the person beside them agreed to it.
    agreed_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Proxy(Model):
    """That a case was told by somebody else than its member."""

    __tablename__ = "proxy"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), primary_key=True)
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    #: The time beside its member in which it was; None while they were not there.
    beside_id: Mapped[UUID | None] = mapped_column(ForeignKey("beside.id"), index=True)
    at: Mapped[datetime]
    #: When its member said that it is right, or that they never wanted it.
    confirmed_at: Mapped[datetime | None]
    objected_at: Mapped[datetime | None]
