"""The published tree as bytes: tiles, bundles, and what clear entries commit to."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ledger import tiles, tree
from ledger.encoding import unb64u
from ledger.errors import Invalid
from node.core import Node
from node.log import names, past
from node.log.reading import NotPublished, published, tile_reader
from node.models.log import LedgerCheckpoint, LedgerEntry, LedgerPayload
from node.models.past import LedgerPast, LedgerPastEntry

_ELSEWHERE = "No such log is here, or it has ended and lacks this."


def checkpoint(node: Node, epoch: int | None = None) -> bytes:
    """Return the newest published checkpoint; of a log that ended, its last note."""
    with node.read() as tx:
        ended = _ended(node, tx, epoch)
        return published(tx).note if ended is None else ended.note


def tile(node: Node, path: str, epoch: int | None = None) -> bytes:
    """Return a tile or entry bundle of the published tree, or of one that ended."""
    with node.read() as tx:
        ended = _ended(node, tx, epoch)
        if ended is None:
            return cut(tx, requested(path, published(tx).size))
        asked = requested(path, ended.size)
        if asked.level == tiles.ENTRIES:
            start = asked.n * tiles.FULL
            return tiles.bundle(past.leaves(tx, ended.epoch, start, asked.width))
        found = past.tile_reader(tx, ended.epoch)(asked.level, asked.n)
        return found[: asked.width * tree.HASH]


def _ended(node: Node, tx: Session, epoch: int | None) -> LedgerPast | None:
    """Return the log that is asked for if it has ended, None if it goes on."""
    if epoch is None or epoch == names.look(node, tx):
        return None
    found = tx.get(LedgerPast, epoch)
    if found is None:
        raise NotPublished(_ELSEWHERE)
    return found


def require_now(node: Node, epoch: int) -> None:
    """Refuse what only the log that goes on can show."""
    with node.read() as tx:
        if epoch != names.look(node, tx):
            raise NotPublished(_ELSEWHERE)


def requested(path: str, size: int) -> tiles.Tile:
    """Return which tile is asked for, if a tree of this size has it to show."""
    try:
        asked = tiles.parse_path(path)
    except Invalid as error:
        raise NotPublished("This is not the path of a tile.") from error
    whole = tiles.width(asked.level, asked.n, size)
    if asked.width > whole or (asked.width < whole == tiles.FULL):
        raise NotPublished("The published tree has no such tile.")
    return asked


def cut(tx: Session, asked: tiles.Tile) -> bytes:
    """Return a tile or entry bundle that the log is long enough for."""
    if asked.level == tiles.ENTRIES:
        start = asked.n * tiles.FULL
        return tiles.bundle(_leaves(tx, start, start + asked.width))
    return tile_reader(tx)(asked.level, asked.n)[: asked.width * tree.HASH]


def _leaves(tx: Session, start: int, end: int) -> list[bytes]:
    query = (
        select(LedgerEntry.leaf)
        .where(LedgerEntry.idx >= start, LedgerEntry.idx < end)
        .order_by(LedgerEntry.idx)
    )
    return list(tx.scalars(query))


def payload(node: Node, commitment: str) -> bytes:
    """Return salt and bytes of what a published clear entry commits to."""
    try:
        asked = unb64u(commitment, tree.HASH)
    except Invalid as error:
        raise NotPublished("This is no commitment.") from error
    with node.read() as tx:
        newest = select(func.max(LedgerCheckpoint.size))
        size = tx.scalar(newest) or 0
        found = tx.execute(
            select(LedgerPayload.salt, LedgerPayload.data)
            .outerjoin(LedgerEntry, LedgerEntry.oid == LedgerPayload.oid)
            .outerjoin(LedgerPastEntry, LedgerPastEntry.oid == LedgerPayload.oid)
            .where(
                LedgerPayload.commitment == asked,
                LedgerPayload.public.is_(True),
                (LedgerEntry.idx < size) | LedgerPastEntry.epoch.is_not(None),
            )
        ).one_or_none()
    if found is None:
        raise NotPublished("Nothing is shown under this commitment.")
    salt, data = found
    return bytes(salt + data)
