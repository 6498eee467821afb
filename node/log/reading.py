"""What anybody may see of the log: what is published, and only bytes."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from governance.errors import NotFound
from ledger import receipt as receipts
from ledger import tiles, tree
from ledger.encoding import b64
from node.core import Node
from node.log import names, signing, trusting
from node.log.erased import stands
from node.models.log import (
    LedgerCheckpoint,
    LedgerEdge,
    LedgerHead,
    LedgerLost,
    LedgerTile,
)

_PAGE = 100
_NEWEST = select(LedgerCheckpoint).order_by(LedgerCheckpoint.size.desc()).limit(1)
#: One full tile.
TILE = select(LedgerTile.data).where(
    LedgerTile.level == bindparam("level"), LedgerTile.n == bindparam("n")
)
_EDGE = select(LedgerEdge.data).where(LedgerEdge.level == bindparam("level"))


class NotPublished(NotFound):
    """The log has no such thing yet, or never will; ask again later."""

    code = "not-published"


@dataclass(frozen=True, slots=True)
class LogStatus:
    """The published head, in the forms people compare."""

    origin: str
    size: int
    root: str
    published_at: datetime | None
    witnesses: int
    vkey: str
    statements_vkey: str


def published(tx: Session) -> LedgerCheckpoint:
    """Return the newest published head, or raise `NotPublished`."""
    found = tx.scalars(_NEWEST).one_or_none()
    if found is None:
        raise NotPublished("Nothing has been published yet.")
    return found


def checkpoints(node: Node, *, before: int | None = None) -> list[bytes]:
    """Return up to 100 published checkpoints, newest first."""
    with node.read() as tx:
        sizes = LedgerCheckpoint.size
        query = select(LedgerCheckpoint.note).order_by(sizes.desc()).limit(_PAGE)
        return list(
            tx.scalars(query if before is None else query.where(sizes < before))
        )


def status(node: Node) -> LogStatus:
    """Return the published head and the keys that speak for this node."""
    with node.read() as tx:
        last = tx.scalars(_NEWEST).one_or_none()
        witnesses = trusting.cosigned(tx, last.size) if last else 0
        own = signing.newest(node, tx)
        head = tx.scalar(select(LedgerHead.note))
    # Also where the settings call the log something else than it is.
    origin = names.named(head) if head else names.origin(node)
    return LogStatus(
        origin,
        last.size if last else 0,
        b64(last.root if last else tree.EMPTY),
        last.at if last else None,
        witnesses,
        str(own),
        str(names.statements_vkey(node, origin)),
    )


def tile_reader(tx: Session) -> tiles.Read:
    """Return what hands over a tile as wide as the database has it."""
    connection, seen = tx.connection(), dict[tuple[int, int], bytes]()

    def read(level: int, n: int) -> bytes:
        if (level, n) not in seen:
            full = connection.execute(TILE, {"level": level, "n": n}).scalar()
            edge = full or connection.execute(_EDGE, {"level": level}).scalar()
            seen[level, n] = edge or b""
        return seen[level, n]

    return read


def seals(tx: Session, case_id: UUID) -> dict[int, str]:
    """Return what is printed beside each entry of a chain that is in the log."""
    return {
        one.seq: receipts.seal(one.index, one.c)
        for one in stands(tx, case_id)
        if one.index is not None
    }


def lost(tx: Session, case_id: object) -> tuple[int, ...]:
    """Return the numbers of a chain's entries whose private part was lost here."""
    found = select(LedgerLost.seq).where(LedgerLost.case_id == case_id)
    return tuple(tx.scalars(found.order_by(LedgerLost.seq)))
