"""Who is on call, and until when."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from node.database import Model


class Turn(Model):
    """Some time in which somebody is on call."""

    __tablename__ = "turn"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    #: None: for every team.
    team_id: Mapped[UUID | None] = mapped_column(ForeignKey("team.id"))
    from_at: Mapped[datetime]
    until_at: Mapped[datetime] = mapped_column(index=True)
    #: 1 is called first.
    rank: Mapped[int]
    #: Since when whoever has it looks for somebody to take it over.
    offered_at: Mapped[datetime | None]
