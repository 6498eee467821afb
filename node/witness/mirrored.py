"""Showing the copies of other logs to whoever asks, as the logs themselves do."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger import tiles
from ledger.tree import HASH
from node.core import Node
from node.log import NotPublished
from node.log.serving import requested
from node.log.tags import Asked, Tags, among
from node.models.witness import Mirror, MirrorTag, MirrorTile
from node.witness.answering import origin_of


def mirrored_checkpoint(node: Node, digest: str) -> bytes:
    """Return the checkpoint of a copy; every entry that it speaks of is here."""
    with node.read() as tx:
        return _found(tx, digest)[1]


def mirrored_tile(node: Node, digest: str, path: str) -> bytes:
    """Return a tile or entry bundle of a copy."""
    with node.read() as tx:
        mirror, _ = _found(tx, digest)
        asked = requested(path, mirror.size)
        row = tx.get(MirrorTile, (mirror.origin, asked.level, asked.n))
    if row is None:
        raise NotPublished("This part of the copy is lost.")
    data = row.data
    if asked.level == tiles.ENTRIES:
        return tiles.bundle(tiles.unbundle(data)[: asked.width])
    return data[: asked.width * HASH]


def mirrored_tags(
    node: Node, digest: str, prefix: str, size: int | None = None
) -> Tags:
    """Return the tags of a copy that begin alike."""
    with node.read() as tx:
        mirror, _ = _found(tx, digest)
        own = MirrorTag.origin == mirror.origin
        query = select(MirrorTag.tag, MirrorTag.idx).where(own)
        return among(tx, query, Asked(prefix, size, mirror.size))


def _found(tx: Session, digest: str) -> tuple[Mirror, bytes]:
    origin = origin_of(tx, digest)
    mirror = tx.get(Mirror, origin) if origin else None
    if mirror is None or mirror.note is None:
        raise NotPublished("There is no copy of such a log here.")
    return mirror, mirror.note
