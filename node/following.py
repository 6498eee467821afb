"""Who follows whom, as stewards see it: a page of each, and how many there are."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from node import actors, follows
from node.accounts.visitor import Visitor
from node.core import Node
from node.models.follows import Follow
from node.models.peers import RemoteActor
from node.paging import PAGE


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An actor that our community follows, or that follows it."""

    id: str
    address: str
    name: str
    state: str


@dataclass(frozen=True, slots=True)
class Some:
    """The first of them, no more than a page, and how many there are in all."""

    lines: tuple[Neighbour, ...]
    count: int

    @property
    def hidden(self) -> int:
        """How many there are besides."""
        return self.count - len(self.lines)


def listed(node: Node, *, by: Visitor) -> tuple[Some, Some]:
    """Return who follows our community, and whom it follows."""
    follows.require_steward(node, by)
    with node.read() as tx:
        own = f"{node.settings.origin}{actors.community(tx)}"
        theirs = _some(tx, Follow.actor, Follow.object == own)
        ours = _some(tx, Follow.object, Follow.actor == own)
    return theirs, ours


def _some(
    tx: Session, other: InstrumentedAttribute[str], whose: ColumnElement[bool]
) -> Some:
    rows = tx.execute(
        select(Follow.state, other, RemoteActor)
        .outerjoin(RemoteActor, RemoteActor.id == other)
        .where(whose)
        .order_by(Follow.asked_at, other)
        .limit(PAGE)
    )
    lines = tuple(_shown(id_, state, known) for state, id_, known in rows)
    count = tx.scalar(select(func.count()).select_from(Follow).where(whose))
    return Some(lines, count or 0)


def _shown(id_: str, state: str, known: RemoteActor | None) -> Neighbour:
    if known is None:
        return Neighbour(id_, id_, "", state)
    address = f"@{known.handle}@{known.origin.partition('//')[2]}"
    return Neighbour(id_, address, known.name, state)
