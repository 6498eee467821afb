"""Walls as those read them who raised them, can decide about them, or run the node."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, or_, select

from governance import walls as rules
from governance.cases import State
from governance.walls import Cause
from node import governance, people, vault, walls
from node.accounts.visitor import Visitor
from node.cases.hand import Hand, pick_up
from node.cases.lists import PAGE
from node.challenges.judging import Stage, may_appeal, may_decide, place, stage_of
from node.core import Node
from node.models.cases import Case
from node.models.walls import Wall

#: So many that are open are looked through for what somebody can do.
_MOST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class WallLine:
    """One wall, as whoever decides about it or raised it reads it."""

    id: UUID
    reference: str
    person: str
    cause: Cause
    reason: str
    raised_at: datetime
    stands: bool
    #: Whether it waits for a decision, for one on appeal, or is settled.
    stage: Stage
    #: Whether whoever looks can decide it, and whether they can appeal.
    yours: bool
    may_appeal: bool


def of_case(node: Node, reference: str, *, by: Visitor) -> tuple[WallLine, ...]:
    """Return what was said of who is in a case: to its member, and who can decide."""
    with node.read() as tx:
        hand = pick_up(node, tx, reference, by, lock=False)
        query = select(Wall).where(Wall.case_id == hand.case.id)
        rows = tx.scalars(query.order_by(Wall.raised_at, Wall.id)).all()
        return _lines([(row, hand) for row in rows if _is_told(row, hand)])


def _is_told(row: Wall, hand: Hand) -> bool:
    if hand.own:
        return row.cause is Cause.VETO
    # What follows from who told it would say who told it.
    if row.cause in rules.ABSOLUTE:
        return False
    mine = row.raised_by == hand.by.person_id
    return mine or may_decide(hand, row, stage_of(row))


def waiting(node: Node, *, by: Visitor) -> tuple[WallLine, ...]:
    """Return the walls that somebody can decide about, or appeal for."""
    with node.read() as tx:
        bylaws = governance.in_force(node, tx)
        rows = tx.execute(
            select(Wall, Case)
            .join(Case, Case.id == Wall.case_id)
            .where(walls.open_to(by), Case.state != State.ERASED)
            .where(
                or_(
                    and_(Wall.raised_by.is_not(None), Wall.decided_at.is_(None)),
                    Wall.appealed_at.is_not(None),
                    Wall.raised_by == by.person_id,
                )
            )
            .order_by(Wall.raised_at, Wall.id)
            .limit(_MOST)
        ).all()
        found = [(row, Hand(node, tx, case, by, bylaws)) for row, case in rows]
        shown = (it for it in found if _concerns(*it))
        return _lines(list(shown)[:PAGE])


def _concerns(row: Wall, hand: Hand) -> bool:
    return may_decide(hand, row, stage_of(row)) or may_appeal(hand, row)


def standing(node: Node) -> list[dict[str, str]]:
    """Return every wall that stands, for whoever runs the node: no words, no names."""
    with node.read() as tx:
        rows = tx.execute(
            select(Case.reference, Wall.person_id, Wall.cause)
            .join(Case, Case.id == Wall.case_id)
            .where(Wall.stands, Case.state != State.ERASED)
            .order_by(Case.reference, Wall.person_id, Wall.cause)
        )
        return [
            {"case": row.reference, "person": str(row.person_id), "cause": row.cause}
            for row in rows
        ]


def _lines(found: list[tuple[Wall, Hand]]) -> tuple[WallLine, ...]:
    if not found:
        return ()
    hand = found[0][1]
    names = people.names(hand.node, hand.tx, {row.person_id for row, _ in found})
    return tuple(_line(row, hand, names[row.person_id]) for row, hand in found)


def _line(row: Wall, hand: Hand, name: str) -> WallLine:
    stage = stage_of(row)
    return WallLine(
        id=row.id,
        reference=hand.case.reference,
        person=name,
        cause=row.cause,
        reason=vault.words(hand.key(), place(row.id), row.reason),
        raised_at=row.raised_at,
        stands=row.stands,
        stage=stage,
        yours=row.cause not in rules.ABSOLUTE and may_decide(hand, row, stage),
        may_appeal=may_appeal(hand, row),
    )
