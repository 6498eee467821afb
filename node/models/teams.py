"""Teams, when their people are at work, and who stands in while they are not."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from node.database import Model


class Team(Model):
    """Some people who share a queue, and how a case comes to one of them."""

    __tablename__ = "team"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    method: Mapped[str]
    #: `all`, or codes separated by spaces.
    topics: Mapped[str]
    areas: Mapped[str]
    created_at: Mapped[datetime]
    #: From then on no case comes to it.
    closed_at: Mapped[datetime | None]


class TeamMember(Model):
    """Somebody in a team."""

    __tablename__ = "team_member"

    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("person.id"), primary_key=True, index=True
    )
    #: `coordinator`, `deputy` or `member`.
    part: Mapped[str]


class Helper(Model):
    """What somebody at the desk says about their own work."""

    __tablename__ = "helper"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    #: Tags and topics, separated by spaces.
    languages: Mapped[str]
    skills: Mapped[str]
    area: Mapped[str | None]
    #: How many cases at once; None for no limit.
    capacity: Mapped[int | None]


class Shift(Model):
    """Some hours of a weekday in which somebody is at work."""

    __tablename__ = "shift"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    weekday: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    from_minute: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    to_minute: Mapped[int]


class Absence(Model):
    """Some time in which somebody is away, and who is asked instead."""

    __tablename__ = "absence"
    __table_args__ = (Index("ix_absence_person", "person_id", "until_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    from_at: Mapped[datetime]
    until_at: Mapped[datetime]
    #: Ids in the order in which they are asked, separated by spaces.
    substitutes: Mapped[str]
    #: When their cases went on.
    begun_at: Mapped[datetime | None]
