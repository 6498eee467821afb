"""How a case's advocate was found, for its member: in figures that name nobody."""

import json

from sqlalchemy import select

from node.cases.hand import Hand
from node.cases.shapes import Chosen
from node.models.assignments import Assignment


def chosen(hand: Hand) -> Chosen | None:
    """Return how whoever has a case was found; None while nobody has it."""
    held = hand.case.responsible_id
    if held is None:
        return None
    # By the case alone: an advocate has thousands, and the database might begin there.
    rows = hand.tx.scalars(
        select(Assignment).where(
            Assignment.case_id == hand.case.id, Assignment.ended_at.is_(None)
        )
    )
    row = next((one for one in rows if one.advocate_id == held), None)
    if row is None or row.explanation is None:
        return None
    kept = json.loads(row.explanation)
    return Chosen(
        method=row.method,
        candidates=kept["candidates"],
        excluded=tuple(sorted(kept["excluded"].items())),
        scores=tuple(kept["scores"]),
        rules=row.rules,
        until=None if row.accepted_at else row.expires_at,
    )
