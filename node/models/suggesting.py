"""Words by which triage is suggested a topic and a kind."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from governance.cases import Kind
from node.database import Model
from node.models.kinds import word


class TriageRule(Model):
    """One version of the words that suggest a topic and a kind."""

    __tablename__ = "triage_rule"

    topic: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(word(Kind), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: One a line.
    words: Mapped[str]
    #: Whether it sorts by itself, and the words that keep a message for a person.
    alone: Mapped[bool] = mapped_column(default=False)
    urgent: Mapped[str] = mapped_column(default="")
    #: Who asked that it does; and, once it does, who agreed.
    asked_id: Mapped[UUID | None]
    second_id: Mapped[UUID | None]
    by_id: Mapped[UUID | None]
    since: Mapped[datetime]
    #: Until when it counted; None while it does.
    until: Mapped[datetime | None]
