"""The turns and absences that say who is on call."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance import roster as rules
from governance.roster import Gap, Leave, Plan
from node import people
from node.core import Node
from node.models.roster import Turn
from node.models.teams import Absence
from node.roster.shapes import Cover, TurnShown

_INSTANT = timedelta.resolution


def turns(tx: Session, span: Gap) -> Sequence[Turn]:
    """Return the turns of some time, in order."""
    rows = select(Turn).where(
        Turn.from_at < span.until_at, Turn.until_at > span.from_at
    )
    return tx.scalars(rows.order_by(Turn.from_at, Turn.rank, Turn.id)).all()


def to_come(tx: Session, *, at: datetime) -> Sequence[Turn]:
    """Return the turns that are not over at an instant, in order."""
    rows = select(Turn).where(Turn.until_at > at)
    return tx.scalars(rows.order_by(Turn.from_at, Turn.rank, Turn.id)).all()


def leaves(tx: Session, span: Gap) -> list[Leave]:
    """Return who is away at some time of a span."""
    rows = select(Absence).where(
        Absence.from_at < span.until_at, Absence.until_at > span.from_at
    )
    return [
        Leave(it.person_id, it.from_at, it.until_at, tuple(_ids(it.substitutes)))
        for it in tx.scalars(rows.order_by(Absence.from_at, Absence.id))
    ]


def _ids(text: str) -> Iterable[UUID]:
    return map(UUID, text.split())


def as_rule(row: Turn) -> rules.Turn:
    """Return a turn as the rules have it."""
    return rules.Turn(
        person=row.person_id,
        from_at=row.from_at,
        until_at=row.until_at,
        rank=row.rank,
        team=row.team_id,
    )


def at_instant(tx: Session, at: datetime) -> Plan:
    """Return what says who is on call at an instant."""
    now = [Turn.from_at <= at, Turn.until_at > at]
    found = [as_rule(row) for row in tx.scalars(select(Turn).where(*now))]
    return Plan(found, leaves(tx, Gap(at, at + _INSTANT)))


def shown(
    node: Node,
    tx: Session,
    rows: Sequence[Turn],
    plan: Plan,
    known: tuple[Mapping[UUID, str], UUID | None],
) -> list[TurnShown]:
    """Return turns as pages have them; `known`: the names of teams, and who reads."""
    teams, reader = known
    away = {row.id: list(rules.stands_in(as_rule(row), plan)) for row in rows}
    ids = {row.person_id for row in rows}
    ids |= {who for them in away.values() for _, who in them if who is not None}
    names = people.names(node, tx, ids) if ids else {}
    return [
        TurnShown(
            id=row.id,
            name=names.get(row.person_id, ""),
            team=teams.get(row.team_id, "") if row.team_id else "",
            from_at=row.from_at,
            until_at=row.until_at,
            rank=row.rank,
            offered=row.offered_at is not None,
            own=row.person_id == reader,
            away=tuple(
                Cover(
                    max(row.from_at, it.from_at),
                    min(row.until_at, it.until_at),
                    names.get(who, "") if who else "",
                )
                for it, who in away[row.id]
            ),
        )
        for row in rows
    ]
