"""Exceptional looks, asked for and made, for those who could be the second person."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from node import governance, people, vault, walls
from node.access.glass import may_ask, require, waits
from node.accounts.visitor import Visitor
from node.cases.hand import Hand
from node.core import Node
from node.models.access import Glass
from node.models.cases import Case
from node.paging import PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class GlassLine:
    """One request to look, and what became of it."""

    id: UUID
    reference: str
    name: str
    role: str
    #: Empty once the case was erased.
    reason: str
    asked_at: datetime
    second: str
    refused_at: datetime | None
    opened_at: datetime | None
    ends_at: datetime | None
    sealed_until: datetime | None
    told_at: datetime | None
    #: Whether the viewer asked for it.
    mine: bool
    #: Whether it waits for a second person.
    waits: bool
    #: Whether the one who asked may look now.
    open: bool


def looks(node: Node, *, by: Visitor) -> tuple[GlassLine, ...]:
    """Return the newest requests, of cases that no wall hides from the viewer."""
    require(node, by)
    with node.read() as tx:
        bylaws = governance.in_force(node, tx)
        rows = tx.execute(
            select(Glass, Case)
            .join(Case, Case.id == Glass.case_id)
            .where(walls.open_to(by))
            .order_by(Glass.asked_at.desc(), Glass.id)
            .limit(PAGE)
        ).all()
        ids = {row.person_id for row, _ in rows}
        ids |= {row.second_id for row, _ in rows if row.second_id}
        names = people.names(node, tx, ids)
        hands = [(row, Hand(node, tx, case, by, bylaws)) for row, case in rows]
        return tuple(_line(hand, row, names) for row, hand in hands if may_ask(hand))


def _line(hand: Hand, row: Glass, names: dict[UUID, str]) -> GlassLine:
    now = hand.node.now()
    place = vault.Place("glass", "reason", row.id)
    reason = vault.words(hand.key(), place, row.reason) if row.reason else ""
    return GlassLine(
        id=row.id,
        reference=hand.case.reference,
        name=names.get(row.person_id, ""),
        role=row.role,
        reason=reason,
        asked_at=row.asked_at,
        second=names.get(row.second_id, "") if row.second_id else "",
        refused_at=row.refused_at,
        opened_at=row.opened_at,
        ends_at=row.ends_at,
        sealed_until=row.sealed_until,
        told_at=row.told_at,
        mine=row.person_id == hand.by.person_id,
        waits=waits(row, at=now),
        open=row.ends_at is not None and now < row.ends_at,
    )
