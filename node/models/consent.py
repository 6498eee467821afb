"""What a member agreed to, for which purpose, with whom, until when."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from governance.consent import Purpose
from node.database import Model
from node.models.kinds import word


class Consent(Model):
    """One record for one purpose; withdrawing it is as easy as giving it."""

    __tablename__ = "consent"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    purpose: Mapped[Purpose] = mapped_column(word(Purpose))
    recipient: Mapped[str | None]
    #: The version of the words that were agreed to.
    wording: Mapped[str]
    given_at: Mapped[datetime]
    valid_until: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
