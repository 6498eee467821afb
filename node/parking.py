"""What nothing here could act on: stewards have it tried again, or drop it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select

from governance.errors import NotYours
from node import governance, inbox
from node.accounts.visitor import Visitor
from node.core import Node
from node.models.inbox import Received

#: How many lines a page has at most.
MOST = 50
_VERB = "agreement.negotiate"


@dataclass(frozen=True, slots=True)
class Parked:
    """One activity. What it says is not shown: only where it came from, and why."""

    id: str
    host: str
    type: str
    problem: str
    at: datetime


def listed(node: Node, *, by: Visitor) -> list[Parked]:
    """Return what is parked, the oldest first."""
    _require(node, by)
    with node.read() as tx:
        rows = tx.scalars(
            select(Received)
            .where(Received.state == "parked")
            .order_by(Received.at)
            .limit(MOST)
        )
        return [
            Parked(row.id, row.origin.partition("//")[2], row.type, row.problem, row.at)
            for row in rows
        ]


def settle(
    node: Node, activity_id: str, verdict: Literal["again", "drop"], *, by: Visitor
) -> None:
    """Have an activity tried again, or drop it. What is not parked stays as it is."""
    _require(node, by)
    with node.begin() as tx:
        row = tx.get(Received, activity_id, with_for_update=True)
        if row is None or row.state != "parked":
            return
        if verdict == "again":
            row.state, row.problem = "stored", ""
            inbox.put_again(node, tx, row.id)
        else:
            row.state, row.raw, row.done_at = "dropped", None, node.now()


def _require(node: Node, by: Visitor) -> None:
    if not governance.reaches(node, _VERB, by=by):
        raise NotYours("Stewards decide what becomes of it.")
