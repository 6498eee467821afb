"""What holds a case now, and what that stops."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from governance.retention import CaseHeld
from node import people, vault
from node.cases.hand import Hand
from node.models.retention import LegalHold

#: The job that erases what somebody told, as soon as nothing of it is held.
WAITS = "erasing.member"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """One hold, as the member of the case and stewards read it."""

    id: UUID
    reference: str
    by: str
    reason: str
    since: datetime
    #: Until when it holds as things are, and until when it was asked for.
    until: datetime
    asked_until: datetime
    #: Whether another steward agreed to it, and who.
    agreed: bool
    second: str
    #: Whether the viewer put it up.
    mine: bool


def until(tx: Session, case_id: UUID, *, at: datetime) -> datetime | None:
    """Return until when a case is held; None where it is not."""
    found = select(func.max(LegalHold.until)).where(LegalHold.case_id == case_id)
    return tx.scalar(found.where(*standing(at)))


def standing(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions on a hold that it holds at a moment."""
    return LegalHold.ended_at.is_(None), LegalHold.until > at


def require_free(tx: Session, case_id: UUID, *, at: datetime) -> None:
    """Refuse what a hold on a case stops."""
    end = until(tx, case_id, at=at)
    if end is not None:
        raise CaseHeld(
            "A steward holds this case for legal reasons, so it cannot be erased"
            f" before {end:%Y-%m-%d}. The page of the case says why.",
            until=end.isoformat(),
        )


def shown(hand: Hand) -> tuple[Hold, ...]:
    """Return what holds a case now, by whom and why."""
    query = select(LegalHold).where(LegalHold.case_id == hand.case.id)
    rows = hand.tx.scalars(
        query.where(*standing(hand.node.now())).order_by(LegalHold.until, LegalHold.id)
    ).all()
    return lines([(row, hand) for row in rows])


def lines(rows: Sequence[tuple[LegalHold, Hand]]) -> tuple[Hold, ...]:
    """Return holds in the open."""
    if not rows:
        return ()
    node, tx = rows[0][1].node, rows[0][1].tx
    ids = {row.by_id for row, _ in rows}
    ids |= {row.second_id for row, _ in rows if row.second_id}
    names = people.names(node, tx, ids)
    return tuple(
        Hold(
            id=row.id,
            reference=hand.case.reference,
            by=names[row.by_id],
            reason=vault.unseal(hand.key(), place(row.id), row.reason),
            since=row.since,
            until=row.until,
            asked_until=row.asked_until,
            agreed=row.second_id is not None,
            second=names[row.second_id] if row.second_id else "",
            mine=row.by_id == hand.by.person_id,
        )
        for row, hand in rows
    )


def place(id_: UUID) -> vault.Place:
    """Return where the reason of a hold stands."""
    return vault.Place("legal_hold", "reason", id_)
