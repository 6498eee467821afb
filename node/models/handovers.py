"""Cases offered to partner communities, and what became of that."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from governance.handovers import Kind, State
from node.database import Model
from node.models.kinds import word


class Handover(Model):
    """One case and one partner."""

    __tablename__ = "handover"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    #: The partner's host.
    peer: Mapped[str]
    kind: Mapped[Kind] = mapped_column(word(Kind))
    state: Mapped[State] = mapped_column(word(State))
    drafted_by: Mapped[UUID]
    drafted_at: Mapped[datetime]
    #: Who answers there, by when, and under which rules; empty before they accept.
    name: Mapped[str]
    answer_by: Mapped[datetime | None]
    rules: Mapped[str]
    #: The last moment at which anything happened to it.
    moved_at: Mapped[datetime]
