"""Promised times, frozen with the rules that promised them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from governance.pledges import Cause, PledgeKind, PledgeState
from node.database import Model
from node.models.kinds import word


class Pledge(Model):
    """One promise to one member. A miss stays a miss, also when it is met later."""

    __tablename__ = "pledge"
    __table_args__ = (
        UniqueConstraint("case_id", "kind", "round"),
        Index("ix_pledge_missed", "missed_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"))
    kind: Mapped[PledgeKind] = mapped_column(word(PledgeKind))
    #: Grows when the same is promised anew.
    round: Mapped[int]
    need_minutes: Mapped[int]
    rule: Mapped[str]
    rules: Mapped[str]
    #: Which version of the closed days it is counted with; 0 for none.
    closed_days: Mapped[int] = mapped_column(server_default="0")
    started_at: Mapped[datetime]
    #: None while it waits for the member.
    due_at: Mapped[datetime | None]
    #: What is left of it while it waits.
    remaining_minutes: Mapped[int | None]
    met_at: Mapped[datetime | None]
    missed_at: Mapped[datetime | None]
    #: Why it was missed: first as far as the facts tell, then as a coordinator says.
    cause: Mapped[Cause | None] = mapped_column(word(Cause))
    #: In hundredths: the last part of it that somebody was warned at.
    warned: Mapped[int] = mapped_column(server_default="0")
    #: How far up the ladder it is: see `governance.pledges.Rung`.
    rung: Mapped[int | None]
    state: Mapped[PledgeState] = mapped_column(word(PledgeState))


class ClosedDays(Model):
    """One version of the days on which the community's desk stays closed.

    Zone and week are the bylaws' own; a promise names the version of both.
    """

    __tablename__ = "closed_days"

    version: Mapped[int] = mapped_column(primary_key=True)
    #: Dates and their names, as JSON.
    days: Mapped[str]
    #: What it was read from.
    source: Mapped[str]
    since: Mapped[datetime]


class Escalation(Model):
    """One step of the ladder that a case took, or a choice its member made there."""

    __tablename__ = "escalation"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), primary_key=True)
    #: Its entry in the case's chain.
    entry_seq: Mapped[int] = mapped_column(primary_key=True)
    pledge_id: Mapped[UUID] = mapped_column(ForeignKey("pledge.id"))
    rung: Mapped[int]
    at: Mapped[datetime]
    #: Who asked for it; None when a rule did.
    actor_id: Mapped[UUID | None]
    #: What the member chose of what was offered; or empty.
    choice: Mapped[str]


class MissCause(Model):
    """Why a promise was missed, as a person said once; the newest one counts."""

    __tablename__ = "miss_cause"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), primary_key=True)
    #: Its entry in the case's chain.
    entry_seq: Mapped[int] = mapped_column(primary_key=True)
    pledge_id: Mapped[UUID] = mapped_column(ForeignKey("pledge.id"), index=True)
    cause: Mapped[Cause] = mapped_column(word(Cause))
    at: Mapped[datetime]
    by_id: Mapped[UUID | None]


class ContactAttempt(Model):
    """One time a member was asked again, by which way."""

    __tablename__ = "contact_attempt"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), primary_key=True)
    #: The event that asked, and how often since.
    event_seq: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str]
    at: Mapped[datetime]
    #: Who tried; None when a rule did.
    by_id: Mapped[UUID | None]
    #: Its entry in the case's chain, where somebody tried.
    entry_seq: Mapped[int | None]
