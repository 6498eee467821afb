"""One's own turns: offered to others, of whom one takes it over."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance import roster as rules
from governance.errors import Denied, NotFound
from governance.roster import Gap, Plan
from node import governance
from node.accounts.visitor import Visitor
from node.core import Node
from node.models.roster import Turn
from node.models.teams import Team
from node.roster import reading, telling
from node.roster.keeping import VERBS, check, open_turn
from node.roster.shapes import TurnShown


def to_come(node: Node, tx: Session, person: UUID) -> tuple[TurnShown, ...]:
    """Return somebody's own turns to come, and those that wait for a taker."""
    every = reading.to_come(tx, at=node.now())
    rows = [it for it in every if it.person_id == person or it.offered_at is not None]
    if not rows:
        return ()
    plan = Plan((), _away(tx, rows))
    named = {it.team_id for it in rows if it.team_id is not None}
    teams = select(Team.id, Team.name).where(Team.id.in_(named))
    known = {it.id: it.name for it in tx.execute(teams)} if named else {}
    return tuple(reading.shown(node, tx, rows, plan, (known, person)))


def _away(tx: Session, rows: Sequence[Turn]) -> list[rules.Leave]:
    first, last = min(it.from_at for it in rows), max(it.until_at for it in rows)
    return reading.leaves(tx, Gap(first, last))


def offer(node: Node, turn_id: UUID, *, by: Visitor, wanted: bool = True) -> None:
    """Look for somebody who takes one's turn over, or keep it after all.

    Until somebody took it, it stays one's own.
    """
    with node.begin() as tx:
        row = open_turn(node, tx, turn_id)
        if not by.grants or row.person_id != by.person_id:
            raise NotFound("There is no such turn to come.")
        row.offered_at = node.now() if wanted else None


def take(node: Node, turn_id: UUID, *, by: Visitor) -> None:
    """Take over a turn that somebody offered; they hear of it."""
    with node.begin() as tx:
        bylaws, now = governance.in_force(node, tx), node.now()
        able = any(governance.reach(bylaws, by, verb, at=now) for verb in VERBS)
        if by.person_id is None or not able:
            raise Denied("Turns are for those who work on cases.", rules=("silence",))
        row = open_turn(node, tx, turn_id)
        if row.offered_at is None or row.person_id == by.person_id:
            raise NotFound("There is no such turn to come.")
        telling.tell(node, tx, row, "roster.taken")
        row.person_id, row.offered_at = by.person_id, None
        check(node, tx, row)
