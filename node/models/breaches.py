"""Breaches of people's data, and what was done about each."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from governance.breaches import State, Step
from node.database import Encrypted, Model
from node.models.kinds import word


class Breach(Model):
    """One breach. It has a chain of its own in the ledger, by the same id."""

    __tablename__ = "breach"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[State] = mapped_column(word(State))
    #: When somebody here knew of it: from then on the clock runs.
    found_at: Mapped[datetime]
    #: About how many people it is; None while nobody knows.
    people: Mapped[int | None]
    decided_at: Mapped[datetime | None]
    people_told_at: Mapped[datetime | None]
    #: How many of the warnings stewards have had.
    warned: Mapped[int]


class BreachStep(Model):
    """One thing that was done about a breach, never changed."""

    __tablename__ = "breach_step"

    breach_id: Mapped[UUID] = mapped_column(ForeignKey("breach.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    #: None for that it was found.
    step: Mapped[Step | None] = mapped_column(word(Step))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    #: Sealed under the key of the breach's chain.
    words: Mapped[bytes | None] = mapped_column(Encrypted)
