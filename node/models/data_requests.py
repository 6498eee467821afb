"""What members ask about their own data, and what they were answered."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from governance.consent import Purpose
from governance.data_requests import Kind, State
from node.database import Encrypted, Model
from node.models.kinds import word


class DataRequest(Model):
    """One request. It has a chain of its own in the ledger, by the same id."""

    __tablename__ = "data_request"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[Kind] = mapped_column(word(Kind))
    #: What the data shall not be used for; None unless it is an objection.
    purpose: Mapped[Purpose | None] = mapped_column(word(Purpose))
    state: Mapped[State] = mapped_column(word(State))
    received_at: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(index=True)
    #: How many of the warnings were given.
    warned: Mapped[int]
    #: When it was written down that nobody had answered in time.
    missed_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    #: All sealed under the key of the request's chain.
    words: Mapped[bytes] = mapped_column(Encrypted)
    answer: Mapped[bytes | None] = mapped_column(Encrypted)
    #: Why it takes two months longer; None unless it does.
    longer: Mapped[bytes | None] = mapped_column(Encrypted)
    #: Whom its member can complain to about a refusal.
    complain: Mapped[bytes | None] = mapped_column(Encrypted)
