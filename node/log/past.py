"""Logs of ours that ended: what they held, and what others were told of them.

Each stands under the name that it always had. Nobody appends to it, and no key signs
for it any more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import FromClause, bindparam, select
from sqlalchemy.orm import Session

from ledger import tiles
from ledger.encoding import b64
from node.core import Node
from node.log import names
from node.models.log import LedgerEntry
from node.models.past import LedgerPast, LedgerPastEntry, LedgerPastTile
from node.upsert import table

_TILE = select(LedgerPastTile.data).where(
    LedgerPastTile.epoch == bindparam("epoch"),
    LedgerPastTile.level == bindparam("level"),
    LedgerPastTile.n == bindparam("n"),
)


@dataclass(frozen=True, slots=True)
class Ended:
    """One log that ended, for people."""

    origin: str
    #: The path below which it stands.
    place: str
    size: int
    root: str
    #: How much of it enough witnesses saw.
    seen: int
    at: datetime
    reason: str


def ended(node: Node) -> list[Ended]:
    """Return the logs of this node that ended, the last one first."""
    with node.read() as tx:
        rows = logs(tx)
    return [
        Ended(
            names.origin(node, row.epoch),
            names.place(row.epoch),
            row.size,
            b64(row.root),
            row.seen_size,
            row.ended_at,
            row.reason,
        )
        for row in rows
    ]


def logs(tx: Session) -> Sequence[LedgerPast]:
    """Return them, the last one first."""
    return tx.scalars(select(LedgerPast).order_by(LedgerPast.epoch.desc())).all()


def leaves(tx: Session, epoch: int, start: int, count: int) -> list[bytes]:
    """Return so many leaves, from a place on."""
    at = LedgerPastEntry.idx
    found = select(LedgerPastEntry.leaf).where(
        LedgerPastEntry.epoch == epoch, at >= start, at < start + count
    )
    return list(tx.scalars(found.order_by(at)))


def tile_reader(tx: Session, epoch: int) -> tiles.Read:
    """Return what hands over a tile as wide as it was when the log ended."""
    connection = tx.connection()

    def read(level: int, n: int) -> bytes:
        asked = {"epoch": epoch, "level": level, "n": n}
        return connection.execute(_TILE, asked).scalar() or b""

    return read


def entries(epoch: int | None) -> FromClause:
    """Return the entries of a log that ended; with None, of the one that goes on."""
    if epoch is None:
        return table(LedgerEntry)
    return table(LedgerPastEntry).select().filter_by(epoch=epoch).subquery()


def signed(row: LedgerPast, index: int) -> tuple[int, bytes]:
    """Return the size and the note that a receipt of an entry goes by."""
    if row.seen_note is not None and index < row.seen_size:
        return row.seen_size, row.seen_note
    return row.size, row.note
