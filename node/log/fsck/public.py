"""Leaves, and what follows from them: tiles, edge, head, tags, the clear chain."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, TypeAlias

from sqlalchemy import CursorResult, bindparam, func, select
from sqlalchemy.orm import Session

from ledger import checkpoint, entry, tree
from ledger.entry.leaves import COVER
from ledger.errors import Invalid
from node.core import Node
from node.log import names, signing
from node.log.founding import CLEAR
from node.log.fsck.findings import Finding
from node.log.reading import TILE
from node.log.sequencing import load_edge
from node.models.log import (
    LedgerChain,
    LedgerCheckpoint,
    LedgerEntry,
    LedgerHead,
    LedgerOutbox,
    LedgerTag,
    LedgerTile,
)

#: Index, leaf, and the tag that is looked up there.
_Leaf: TypeAlias = Any

_BATCH = 4096
_SEALED = 1 + COVER
_LEAVES = (
    select(LedgerEntry.idx, LedgerEntry.leaf, LedgerTag.tag)
    .outerjoin(LedgerTag, LedgerTag.idx == LedgerEntry.idx)
    .where(LedgerEntry.idx >= bindparam("start"))
    .order_by(LedgerEntry.idx)
    .limit(_BATCH)
)
_CHECKPOINTS = (
    select(LedgerCheckpoint.size, LedgerCheckpoint.root, LedgerCheckpoint.note)
    .where(
        LedgerCheckpoint.size > bindparam("start"),
        LedgerCheckpoint.size <= bindparam("end"),
    )
    .order_by(LedgerCheckpoint.size)
)


def compare(node: Node, tx: Session, head: LedgerHead) -> Iterator[Finding]:
    """Yield where the public part is not what the leaves give."""
    walk = _Walk(node, tx, tx.scalar(select(func.max(LedgerCheckpoint.size))) or 0)
    for rows in _leaves(tx):
        gap = _gap(rows, walk.edge.size)
        yield from walk.grow(rows[:gap])
        if gap is not None:
            yield Finding("entry.gap", str(walk.edge.size))
            return
    yield from walk.end(head)


def _gap(rows: Sequence[_Leaf], size: int) -> int | None:
    # They come in order, and none twice: so the last one tells whether any is missing.
    if rows[-1][0] == size + len(rows) - 1:
        return None
    return next(n for n, row in enumerate(rows) if row[0] != size + n)


def _leaves(tx: Session) -> Iterator[Sequence[_Leaf]]:
    # Numbers and bytes, which no type has to change on the way, in the driver's plain
    # tuples: half the cost.
    connection, start = tx.connection(), 0
    while rows := _plain(connection.execute(_LEAVES, {"start": start})):
        yield rows
        start = rows[-1][0] + 1


def _plain(found: CursorResult[Any]) -> Sequence[_Leaf]:
    cursor: Any = found.cursor
    return list(cursor.fetchall())


@dataclass(slots=True)
class _Walk:
    """How far the leaves were read, and what they gave so far."""

    node: Node
    tx: Session
    published: int
    edge: tree.Edge = field(default_factory=tree.Edge)
    tagged: int = 0
    clear_seq: int = 0
    clear_head: bytes | None = None

    def grow(self, rows: Sequence[_Leaf]) -> Iterator[Finding]:
        """Take more leaves; stop at each size that was published."""
        start, end = self.edge.size, self.edge.size + len(rows)
        # Most leaves are as they should be; whatever is not costs a second look.
        odd = [
            row
            for row in rows
            if row[1][1:17] != row[2] or row[1][:1] != b"\1" or len(row[1]) != _SEALED
        ]
        self.tagged += len(rows) - len(odd)
        for row in odd:
            yield from self._look(*row)
        hashes = [sha256(b"\0" + leaf).digest() for _, leaf, _ in rows]
        between = self.tx.execute(_CHECKPOINTS, {"start": start, "end": end})
        at = 0
        for size, root, note in between.all():
            yield from self._append(hashes[at : size - start])
            at = size - start
            if not self._signed(note, size, root):
                yield Finding("checkpoint.differs", str(size))
        yield from self._append(hashes[at:])

    def _append(self, hashes: Sequence[bytes]) -> Iterator[Finding]:
        self.edge, tiles = tree.append(self.edge, hashes)
        for level, n, data in tiles:
            kept = self.tx.connection().execute(TILE, {"level": level, "n": n}).scalar()
            if kept != data:
                yield Finding("tile.differs", f"{level}/{n}")

    def _signed(self, note: bytes, size: int, root: bytes) -> bool:
        # What a key signed before it was revoked is as it was.
        keys = [one.vkey for one in signing.known(self.node, self.tx)]
        try:
            found = checkpoint.open(note, keys)
        except Invalid:
            return False
        said = (found.origin, found.size, found.root)
        ours = (names.origin(self.node), self.edge.size, tree.root(self.edge))
        return said == ours == (ours[0], size, root)

    def _look(self, idx: int, leaf: bytes, tag: bytes | None) -> Iterator[Finding]:
        try:
            found = entry.read_leaf(leaf)
        except Invalid:
            yield Finding("entry.unknown", str(idx))
            return
        if isinstance(found, entry.Clear):
            if not self._follows(found, leaf):
                yield Finding("clear.gap", str(idx))
            return
        self.tagged += tag is not None
        twin = select(LedgerTag.idx).where(LedgerTag.tag == found.tag)
        if self.tx.scalar(twin) is not None:
            yield Finding("tag.twin", str(idx))
        elif idx < self.published:
            yield Finding("tag.missing", str(idx))

    def _follows(self, found: entry.Clear, leaf: bytes) -> bool:
        follows = (found.seq, found.prev) == (self.clear_seq, self.clear_head)
        self.clear_seq, self.clear_head = found.seq + 1, tree.leaf_hash(leaf)
        return follows and found.log == names.origin(self.node)

    def end(self, head: LedgerHead) -> Iterator[Finding]:
        """Compare what all leaves together give."""
        if load_edge(self.tx).levels != self.edge.levels:
            yield Finding("edge.differs", str(self.edge.size))
        if not self._signed(head.note, head.size, head.root):
            yield Finding("head.differs", str(head.size))
        yield from self._later_checkpoints()
        whole = sum(self.edge.size >> 8 * level for level in range(1, 8))
        for code, table, most in (
            ("tile.extra", LedgerTile, whole),
            ("tag.extra", LedgerTag, self.tagged),
        ):
            found = self.tx.scalar(select(func.count()).select_from(table)) or 0
            if found > most:
                yield Finding(code, str(found - most))
        yield from self._clear_end()

    def _later_checkpoints(self) -> Iterator[Finding]:
        sizes = LedgerCheckpoint.size
        beyond = select(sizes).where(sizes > self.edge.size).order_by(sizes)
        for size in self.tx.scalars(beyond):
            yield Finding("checkpoint.differs", str(size))

    def _clear_end(self) -> Iterator[Finding]:
        queued = select(LedgerOutbox.leaf).order_by(LedgerOutbox.oid)
        for leaf in self.tx.scalars(queued, execution_options={"yield_per": _BATCH}):
            if leaf[:1] == b"\0":
                found = entry.read_leaf(leaf)
                if isinstance(found, entry.Clear) and not self._follows(found, leaf):
                    yield Finding("clear.gap", str(self.edge.size))
        chain = self.tx.get(LedgerChain, CLEAR)
        end = chain and (chain.next_seq, chain.head)
        if end != (self.clear_seq, self.clear_head):
            yield Finding("chain.differs", str(CLEAR))
