"""The files of our logs, written where any static host can serve them from.

Bundles first, then tiles, the checkpoint last: whoever reads finds everything that the
checkpoint they have speaks of, wherever the writing was cut off. Nothing is deleted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger import checkpoint as checkpoints
from ledger import note as notes
from ledger import tiles
from ledger.errors import Invalid
from node.core import Node, outside
from node.errors import ExportFailed
from node.log import names, past, signing
from node.log.reading import published
from node.log.serving import cut, tile
from node.models.log import LedgerCheckpoint

#: One turn writes so many entries, so that others get theirs.
STEP = 65_536
_CHECKPOINT = "checkpoint"


class Target(Protocol):
    """Where files go, under the paths they have on our own host."""

    def get(self, path: str) -> bytes | None:
        """Return a file, or None."""

    def put(self, path: str, data: bytes) -> None:
        """Keep a file; raise `ExportFailed` if that could not be done."""


@dataclass(frozen=True, slots=True)
class _Below:
    """Where the files of one log go: the first one's stand at the top."""

    to: Target
    epoch: int

    def get(self, path: str) -> bytes | None:
        """Return a file of that log, or None."""
        return self.to.get(self._under(path))

    def put(self, path: str, data: bytes) -> None:
        """Keep a file of that log."""
        self.to.put(self._under(path), data)

    def _under(self, path: str) -> str:
        return f"{names.place(self.epoch)}/{path}".removeprefix(names.place(1) + "/")


def finish(node: Node, to: Target) -> None:
    """Bring what was exported of logs that ended to their end."""
    with node.read() as tx:
        ended = [(row.epoch, row.size, row.note) for row in past.logs(tx)]
    for epoch, size, note in ended:
        below = _Below(to, epoch)
        raw = below.get(_CHECKPOINT)
        # What stands there may be further than what is left of that log.
        start = _size(raw) if raw else 0
        if start < size:
            for _ in _write(node, below, (start, size), epoch):
                outside()
        if start <= size and raw != note:
            below.put(_CHECKPOINT, note)


def _size(raw: bytes) -> int:
    try:
        return checkpoints.parse(notes.parse(raw).text).size
    except Invalid as error:
        raise ExportFailed("What is there is not the checkpoint of our log.") from error


def _write(
    node: Node, to: Target, grown: tuple[int, int], epoch: int | None
) -> Iterator[str]:
    """Write the files by which a log grew."""
    paths = tiles.needed(*grown)
    bottom = [path for path in paths if path.startswith("tile/0/")]
    for path in [path.replace("/0/", "/entries/", 1) for path in bottom] + paths:
        to.put(path, _cut(node, path, epoch))
        yield path


def _cut(node: Node, path: str, epoch: int | None) -> bytes:
    if epoch is not None:
        return tile(node, path, epoch)
    # It may be of a size that the log has outgrown since.
    with node.read() as tx:
        return cut(tx, tiles.parse_path(path))


def go_on(node: Node, to: Target) -> int:
    """Write what one turn writes of the log that goes on; return its size there."""
    for _ in steps(node, to):
        pass
    return _reached(node, _Below(to, names.epoch(node)))


def steps(node: Node, to: Target) -> Iterator[str]:
    """Write what is missing, file by file; yield the path of each that is there."""
    outside()
    to = _Below(to, names.epoch(node))
    start = _reached(node, to)
    with node.read() as tx:
        size, note = _next(tx, start)
    yield from _write(node, to, (start, size), None)
    if to.get(_CHECKPOINT) != note:
        to.put(_CHECKPOINT, note)
        yield _CHECKPOINT


def _reached(node: Node, to: Target) -> int:
    raw = to.get(_CHECKPOINT)
    if raw is None:
        return 0
    with node.read() as tx:
        # One that was revoked since may have signed what was put there before.
        keys = [one.vkey for one in signing.known(node, tx)]
    try:
        found = checkpoints.open(raw, keys)
    except Invalid as error:
        raise ExportFailed("What is there is not the checkpoint of our log.") from error
    with node.read() as tx:
        ours = tx.get(LedgerCheckpoint, found.size)
    if ours is None or ours.root != found.root or found.origin != names.origin(node):
        raise ExportFailed("What is there is further than this log, or another one.")
    return found.size


def _next(tx: Session, start: int) -> tuple[int, bytes]:
    """Return the published size to go to next, and its note."""
    sizes, newest = LedgerCheckpoint.size, published(tx)
    further = (
        select(LedgerCheckpoint).where(sizes >= start + STEP).order_by(sizes).limit(1)
    )
    found = tx.scalars(further).one_or_none() or newest
    return found.size, found.note
