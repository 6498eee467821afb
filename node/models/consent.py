"""What a member agreed to, for which purpose, with whom, until when."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from governance.consent import Basis, Evidence, Purpose, Standing
from governance.intake import Channel
from node.database import Model
from node.models.kinds import word


class Consent(Model):
    """One record for one purpose; withdrawing it is as easy as giving it.

    The row is the cache of its events.
    """

    __tablename__ = "consent"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    purpose: Mapped[Purpose] = mapped_column(word(Purpose))
    recipient: Mapped[str | None]
    #: The version of the words that were agreed to.
    wording: Mapped[str]
    #: SHA-256 of these words as they were read; None for what is older than that.
    notice_hash: Mapped[str | None]
    language: Mapped[str | None]
    basis: Mapped[Basis] = mapped_column(word(Basis))
    channel: Mapped[Channel | None] = mapped_column(word(Channel))
    #: Who wrote it down for the member; None where the member did.
    captured_by: Mapped[UUID | None]
    evidence: Mapped[Evidence | None] = mapped_column(word(Evidence))
    state: Mapped[Standing] = mapped_column(word(Standing))
    #: None while it was only asked for.
    given_at: Mapped[datetime | None]
    valid_until: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class ConsentEvent(Model):
    """One thing that happened to a record of consent, gapless, never changed."""

    __tablename__ = "consent_event"

    consent_id: Mapped[UUID] = mapped_column(ForeignKey("consent.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    state: Mapped[Standing] = mapped_column(word(Standing))
    valid_until: Mapped[datetime | None]
    #: Who did it; None when time or a rule did.
    actor_id: Mapped[UUID | None]
    #: Its entry in the case's chain; None where it has none.
    entry_seq: Mapped[int | None]
