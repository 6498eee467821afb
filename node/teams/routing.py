"""Which team a case comes to."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from node.models.teams import Team

#: How every topic or place is kept.
ALL = "all"


def open_ones(tx: Session) -> Sequence[Team]:
    """Return the teams that a case can come to, by name."""
    rows = select(Team).where(Team.closed_at.is_(None)).order_by(Team.name)
    return tx.scalars(rows).all()


def fitting(teams: Sequence[Team], topic: str, area: str | None) -> UUID | None:
    """Return the one team that topic and area lead to; None for none or several."""
    narrow = [team for team in teams if _fits(team, topic, area)]
    return narrow[0].id if len(narrow) == 1 else None


def _fits(team: Team, topic: str, area: str | None) -> bool:
    topics, areas = team.topics.split(), team.areas.split()
    in_topic = topics == [ALL] or topic in topics
    return in_topic and (areas == [ALL] or (area or "none") in areas)
