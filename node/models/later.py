"""What was written now to leave at a moment."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from governance.later import LaterEnd, Withheld
from node.database import Encrypted, Model
from node.models.kinds import word


class LaterReply(Model):
    """A reply that is written and leaves at a moment, if it still may then."""

    __tablename__ = "later_reply"

    #: The id of the message it becomes.
    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    #: Sealed; emptied once it left or was taken back.
    body: Mapped[bytes | None] = mapped_column(Encrypted)
    #: Grows with every change; who changes it names the one they saw.
    version: Mapped[int]
    due_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end: Mapped[LaterEnd | None] = mapped_column(word(LaterEnd))
    why: Mapped[Withheld | None] = mapped_column(word(Withheld))
    #: The template in the community's name that it began with: it waits for somebody
    #: else and for no moment. `due_at` is then when they were asked.
    text_id: Mapped[UUID | None]
    #: Who agreed to it.
    second_id: Mapped[UUID | None]
