"""What counts about those who can be given a case: read at once, for all of them."""

from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance import absences as rules
from governance.absences import Shift
from governance.cases import Outcome, State
from governance.methods import weight
from governance.rules import Bylaws
from node.core import Node
from node.models import teams
from node.models.assignments import Assignment
from node.models.cases import Case

#: Where a case has somebody who works on it.
AT_WORK = (
    State.ASSIGNED,
    State.WORKING,
    State.WAITING_MEMBER,
    State.WAITING_OTHER,
    State.RESOLVED,
)
#: What a member says of help that was one.
_HELPED = (Outcome.RESOLVED_CONFIRMED, Outcome.PARTLY)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of everybody, by their number."""

    helpers: Mapping[UUID, teams.Helper]
    load: Mapping[UUID, int]
    weight: Mapping[UUID, int]
    last: Mapping[UUID, datetime]
    away: AbstractSet[UUID]


def facts(node: Node, tx: Session, bylaws: Bylaws, among: AbstractSet[UUID]) -> Facts:
    """Read what counts about some people."""
    load: dict[UUID, int] = defaultdict(int)
    heavy: dict[UUID, int] = defaultdict(int)
    for person, priority, number in tx.execute(
        select(Case.responsible_id, Case.priority, func.count())
        .where(Case.responsible_id.in_(among), Case.state.in_(AT_WORK))
        .group_by(Case.responsible_id, Case.priority)
    ):
        if person is not None:
            load[person] += number
            heavy[person] += number * weight(priority)
    last = tx.execute(
        select(Assignment.advocate_id, func.max(Assignment.offered_at))
        .where(Assignment.advocate_id.in_(among))
        .group_by(Assignment.advocate_id)
    ).all()
    return Facts(
        helpers={row.person_id: row for row in tx.scalars(select(teams.Helper))},
        load=load,
        weight=heavy,
        last=dict(last),
        away=absent(tx, at=node.now()) | _off_duty(tx, bylaws, at=node.now()),
    )


def absent(tx: Session, *, at: datetime) -> set[UUID]:
    """Return who is away at a moment."""
    rows = select(teams.Absence.person_id).where(
        teams.Absence.from_at <= at, teams.Absence.until_at > at
    )
    return set(tx.scalars(rows))


def _off_duty(tx: Session, bylaws: Bylaws, *, at: datetime) -> set[UUID]:
    named: dict[UUID, list[Shift]] = defaultdict(list)
    for row in tx.scalars(select(teams.Shift)):
        named[row.person_id].append(Shift(row.weekday, row.from_minute, row.to_minute))
    zone = bylaws.calendar.zone
    return {
        person
        for person, shifts in named.items()
        if not rules.on_duty(shifts, at=at, zone=zone)
    }


def helped(tx: Session, member_id: UUID) -> set[UUID]:
    """Return whose help this member called one."""
    rows = (
        select(Assignment.advocate_id)
        .join(Case, Case.id == Assignment.case_id)
        .where(
            Case.member_id == member_id,
            Case.outcome.in_(_HELPED),
            Assignment.accepted_at.is_not(None),
        )
    )
    return set(tx.scalars(rows))


def in_team(tx: Session, team_id: UUID) -> set[UUID]:
    """Return who is in a team."""
    rows = select(teams.TeamMember.person_id)
    return set(tx.scalars(rows.where(teams.TeamMember.team_id == team_id)))
