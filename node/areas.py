"""The named places of a community."""

from dataclasses import dataclass

from sqlalchemy import select

from node.core import Node
from node.models import areas as rows


@dataclass(frozen=True, slots=True)
class Area:
    """One named place."""

    code: str
    name: str


def every(node: Node) -> tuple[Area, ...]:
    """Return all places, by name."""
    with node.read() as tx:
        found = tx.execute(
            select(rows.Area.code, rows.Area.name).order_by(rows.Area.name)
        )
        return tuple(Area(row.code, row.name) for row in found)
