"""The roster: who shares out cases says who is on call, and sees when nobody is."""

from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from governance import roster as rules
from governance.cases import Act
from governance.cases import verb as verb_of
from governance.errors import ChoiceInvalid, NotFound
from governance.roster import Gap, Plan
from governance.rules import Bylaws
from node.accounts.visitor import Visitor
from node.assignments.candidates import Colleague, colleagues_of
from node.core import Node
from node.ids import new_id
from node.models.roster import Turn
from node.models.start import Community
from node.models.teams import Team
from node.roster import reading, telling
from node.roster.shapes import Board, Lane
from node.teams.keeping import require

#: Whoever could work on a case, or share it out, can be called.
VERBS = ("case.take", verb_of(Act.ASSIGN))
#: So many days to come are shown.
_SHOWN = timedelta(days=14)
#: Who was on call is nobody's business for longer.
_KEPT = timedelta(days=90)


def board(node: Node, *, by: Visitor) -> Board:
    """Return who is on call in the coming days, and when nobody is."""
    with node.read() as tx:
        bylaws = require(node, tx, by)
        span = Gap(node.now(), node.now() + _SHOWN)
        rows, away = reading.turns(tx, span), reading.leaves(tx, span)
        plan = Plan([reading.as_rule(row) for row in rows], away)
        can = able(node, tx, bylaws)
        reached = _reached(plan, {it.id for it in can})
        named = {it.id: it for it in tx.scalars(select(Team).order_by(Team.name))}
        known = {id_: it.name for id_, it in named.items()}
        found = reading.shown(node, tx, rows, plan, (known, by.person_id))
        whose = {row.id: row.team_id for row in rows}
        # A team without turns of its own is where all are.
        teams = [None, *(id_ for id_ in named if id_ in whose.values())]
        return Board(
            from_at=span.from_at,
            until_at=span.until_at,
            lanes=tuple(
                Lane(
                    known.get(team, "") if team else "",
                    tuple(it for it in found if whose[it.id] == team),
                    rules.gaps(reached, span, team=team),
                )
                for team in teams
            ),
            people=tuple((it.id, it.name) for it in can),
            teams=tuple(
                (it.id, it.name) for it in named.values() if it.closed_at is None
            ),
        )


def _reached(plan: Plan, able: AbstractSet[UUID]) -> Plan:
    """Return a plan without those who work on no case any more: nobody calls them."""
    leaves = [
        replace(it, substitutes=tuple(one for one in it.substitutes if one in able))
        for it in plan.leaves
    ]
    return Plan([it for it in plan.turns if it.person in able], leaves)


def put(node: Node, asked: rules.Turn, *, by: Visitor) -> UUID:
    """Put somebody on call; they hear of it."""
    with node.begin() as tx:
        bylaws = require(node, tx, by)
        if asked.person not in {it.id for it in able(node, tx, bylaws)}:
            raise ChoiceInvalid("Choose somebody from the list.", field="person")
        team = tx.get(Team, asked.team) if asked.team is not None else None
        if asked.team is not None and (team is None or team.closed_at is not None):
            raise ChoiceInvalid("Choose a team from the list, or all.", field="team")
        row = Turn(
            id=new_id(node),
            person_id=asked.person,
            team_id=asked.team,
            from_at=asked.from_at,
            until_at=asked.until_at,
            rank=asked.rank,
            offered_at=None,
        )
        check(node, tx, row)
        tx.execute(delete(Turn).where(Turn.until_at < node.now() - _KEPT))
        tx.add(row)
        if row.person_id != by.person_id:
            telling.tell(node, tx, row, "roster.named")
        return row.id


def remove(node: Node, turn_id: UUID, *, by: Visitor) -> None:
    """Take a turn out that is not over; whoever had it hears of it."""
    with node.begin() as tx:
        require(node, tx, by)
        row = open_turn(node, tx, turn_id)
        if row.person_id != by.person_id:
            telling.tell(node, tx, row, "roster.out")
        tx.delete(row)


def open_turn(node: Node, tx: Session, turn_id: UUID) -> Turn:
    """Return a turn that is not over, locked."""
    row = tx.get(Turn, turn_id, with_for_update=True)
    if row is None or row.until_at <= node.now():
        raise NotFound("There is no such turn to come.")
    return row


def check(node: Node, tx: Session, row: Turn) -> None:
    """Refuse a turn that does not fit with those that are written down."""
    # Two who write at once do not both find the place free.
    tx.get(Community, 1, with_for_update=True)
    span = Gap(row.from_at, row.until_at)
    others = [it for it in reading.turns(tx, span) if it.id != row.id]
    found = [reading.as_rule(it) for it in others]
    rules.check_turn(reading.as_rule(row), found, at=node.now())


def able(node: Node, tx: Session, bylaws: Bylaws) -> tuple[Colleague, ...]:
    """Return who can be put on call, by name."""
    return colleagues_of(node, tx, bylaws, verbs=VERBS)
