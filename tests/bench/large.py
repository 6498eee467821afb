"""A log of millions of entries: what a batch costs as it grows, and what reading does.

H is what one thread hashes: SHA-256 of 64 bytes, a second.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from sqlalchemy import select

from ledger import audit, tiles
from ledger.receipt import scanning
from node import log
from node.core import Node
from node.log import tags
from node.log.reading import tile_reader
from node.models.log import LedgerEntry
from tests.bench.ledger import BATCH, fill, opened, raw
from tests.bench.rows import Row, at_least

#: From how many entries on the cost of a batch is looked at, and for how many batches.
MARKS = (10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000)
LOOKED_AT = 16
#: How large the log is that is read.
READ_AT = 1_000_000
_HASHES, _PROOFS, _WANTED = 200_000, 3_000, 32


@dataclass(frozen=True, slots=True)
class Point:
    """What an entry costs where the log has this size, in microseconds."""

    size: int
    #: Appended, signed and durable, with the housekeeping: the median batch.
    append: float
    #: The processor's part of it.
    append_cpu: float
    #: Brought into the index of tags, which is done at each publication.
    tag: float
    #: The barest thing beside it: one row of 400 B of a thousand in a transaction.
    raw: float


def hashes() -> float:
    """Return H."""
    data, began = bytes(64), process_time()
    for _ in range(_HASHES):
        sha256(data).digest()
    return _HASHES / (process_time() - began)


def grow(node: Node, folder: Path, marks: tuple[int, ...]) -> Iterator[Point]:
    """Let the log grow; yield what an entry costs at each mark, once it is past it."""
    size = _sequenced(node)
    for mark in marks:
        while size < mark:
            _batch(node)
            size += BATCH
        _tagged(node, size)
        took, busy = zip(*[_batch(node) for _ in range(LOOKED_AT)], strict=True)
        size += LOOKED_AT * BATCH
        tagged = _tagged(node, size) / (LOOKED_AT * BATCH)
        bare = median(raw(folder, 5, 1000)) / 1000
        costs = (median(took) / BATCH, median(busy) / BATCH, tagged, bare)
        yield Point(mark, *(round(cost * 1e6, 2) for cost in costs))


def _batch(node: Node) -> tuple[float, float]:
    fill(node, 1)
    began, busy = perf_counter(), process_time()
    _sequenced(node)
    node.database.tidy()
    return perf_counter() - began, process_time() - busy


def _sequenced(node: Node) -> int:
    size = 0
    while more := log.sequence(node):
        size += more
    return size


def _tagged(node: Node, size: int) -> float:
    began = perf_counter()
    with node.begin(flushed=True) as tx:
        tags.index(tx, size)
    return perf_counter() - began


def measure(
    folder: Path, *, rounds: int, most: int = MARKS[-1]
) -> tuple[list[Row], list[Point]]:
    """Let a log grow, read it on the way; return the rows, and what each size cost."""
    marks = tuple(mark for mark in MARKS if mark <= most)
    rows, points = list[Row](), list[Point]()
    with opened(folder) as node:
        for point in grow(node, folder, marks):
            points.append(point)
            if point.size == min(READ_AT, most):
                rows += _reading(node, rounds)
    return [_flat(points), *rows], points


def _flat(points: list[Point]) -> Row:
    first, last = points[0], points[-1]
    return Row(
        name=f"append, at {last.size:,} entries",
        unit="us an entry",
        value=last.append,
        against=f"the same at {first.size:,} entries",
        ratio=round(last.append / first.append, 2),
    )


def _reading(node: Node, rounds: int) -> list[Row]:
    with node.read() as tx:
        found = tx.scalars(select(LedgerEntry.leaf).order_by(LedgerEntry.idx))
        leaves = list(found)
    size, chance = len(leaves), random.Random(9)  # noqa: S311 - the same again
    some = [chance.randrange(size) for _ in range(_PROOFS)]
    newest = range(size - _PROOFS, size)
    wanted = {leaf[1:17]: n for n, leaf in enumerate(leaves[-_WANTED:])}

    def row(name: str, gate: float | None, do: Callable[[], int]) -> Row:
        return _row(f"{name}, of {size:,}", gate, rounds, do)

    with node.read() as tx:
        read = tile_reader(tx)
        proofs = [
            row("inclusion proofs, the newest", 0.015,
                lambda: _proven(newest, size, read)),
            row("inclusion proofs, at random, warm", 0.002,
                lambda: _proven(some, size, read)),
        ]  # fmt: skip
    return [
        *proofs,
        row("fsck", 0.12, lambda: _checked(node, size)),
        row("no tag twice (audit)", 0.4, lambda: _audited(leaves)),
        row("a thread's tags (scan)", 1.5, lambda: _looked(leaves, wanted)),
        row("a thread's tags and the root", None, lambda: _scanned(leaves, wanted)),
    ]


def _row(name: str, gate: float | None, rounds: int, do: Callable[[], int]) -> Row:
    # Processor time: what others do on this machine is not ours to measure.
    do()  # once to be warm
    pairs = []
    for _ in range(rounds):
        began = process_time()
        done = do()
        pairs.append((done / (process_time() - began), hashes()))
    rates, yard = zip(*pairs, strict=True)
    return at_least(
        (list(rates), list(yard)),
        name=name,
        unit="a CPU second",
        against="SHA-256 of 64 B",
        gate=gate,
    )


def _proven(indexes: Sequence[int], size: int, read: tiles.Read) -> int:
    for index in indexes:
        tiles.inclusion(index, size, read)
    return len(indexes)


def _checked(node: Node, size: int) -> int:
    found = [*log.fsck(node)]
    if found:
        raise RuntimeError(f"a broken log is quick to check: {found[:3]}")
    return size


def _audited(leaves: list[bytes]) -> int:
    if audit.tags(leaves, {}) is not None:
        raise RuntimeError("a tag stands twice")
    return len(leaves)


def _looked(leaves: list[bytes], wanted: dict[bytes, int]) -> int:
    if len(scanning.notable(leaves, wanted)) < len(wanted):
        raise RuntimeError("not every tag was found")
    return len(leaves)


def _scanned(leaves: list[bytes], wanted: dict[bytes, int]) -> int:
    found = scanning.scan(leaves, len(leaves), wanted)
    if len(found.tags) != len(wanted):
        raise RuntimeError("not every tag was found")
    return found.size
