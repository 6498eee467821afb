"""The steps of a case's plan."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from governance.plans import Owner
from node.database import Encrypted, Model
from node.models.kinds import word


class Task(Model):
    """One step: what is to be done, by whom, until when, and whether it is."""

    __tablename__ = "task"

    #: Chosen by the form or the program, so that sending twice adds once.
    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    #: None where the program found what is to be done.
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    #: Sealed.
    title: Mapped[bytes] = mapped_column(Encrypted)
    owner: Mapped[Owner] = mapped_column(word(Owner))
    created_at: Mapped[datetime]
    #: The beginning of its day, by the community's calendar.
    due_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    #: Who said that it is done.
    done_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    #: When its owner was reminded of it.
    told_at: Mapped[datetime | None]
