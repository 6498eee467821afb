"""What one person did or wants to do, and a second one has to look at."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from governance.cases import Act, Outcome
from node.database import Encrypted, Model
from node.models.kinds import word


class Seconding(Model):
    """One act on one case that another holder of the same right agrees to, or not."""

    __tablename__ = "seconding"
    __table_args__ = (Index("ix_seconding_open", "act", "ended_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    act: Mapped[Act] = mapped_column(word(Act))
    outcome: Mapped[Outcome | None] = mapped_column(word(Outcome))
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    #: Sealed: what the member will read.
    words: Mapped[bytes | None] = mapped_column(Encrypted)
    second_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    #: When it was agreed to, refused, or came to nothing.
    ended_at: Mapped[datetime | None]
    agreed: Mapped[bool | None]
