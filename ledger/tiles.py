"""The tree cut into tiles (C2SP tlog-tiles), and proofs read from them.

A full tile never changes again, so anybody may keep a copy of it. A wider tile serves
wherever a narrower one was asked for: older sizes need nothing of their own.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ledger.encoding import number
from ledger.errors import Invalid
from ledger.tree import HASH, fold, node

#: The level that stands for entry bundles: the leaves themselves.
ENTRIES = -1
FULL = 256
HIGHEST = 63
LONGEST_LEAF = 0xFFFF

#: Hands over tile n of a level, as wide as it is or at least as wide as is asked for.
Read = Callable[[int, int], bytes]

_PATH = re.compile(
    r"tile/(?P<level>entries|[0-9]{1,2})/(?P<n>(?:x[0-9]{3}/){0,6}[0-9]{3})"
    r"(?:\.p/(?P<width>[0-9]{1,3}))?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Tile:
    """Which tile is meant; `level` is `ENTRIES` for an entry bundle."""

    level: int
    n: int
    width: int = FULL


def path(level: int, n: int, width: int = FULL) -> str:
    """Return where a tile lies under the log's prefix."""
    groups = [f"{n % 1000:03}"]
    while n := n // 1000:
        groups.insert(0, f"x{n % 1000:03}")
    name = "entries" if level == ENTRIES else str(level)
    part = "" if width == FULL else f".p/{width}"
    return f"tile/{name}/{'/'.join(groups)}{part}"


def parse_path(text: str) -> Tile:
    """Read a tile's path; only the spelling that `path` writes is one."""
    found = _PATH.fullmatch(text)
    if found is None:
        raise Invalid("tile-path", "This is not the path of a tile.")
    level = ENTRIES if found["level"] == "entries" else number(found["level"])
    n = int(found["n"].replace("x", "").replace("/", ""))
    width = FULL if found["width"] is None else number(found["width"])
    if level > HIGHEST or path(level, n, width) != text or width == 0 or width > FULL:
        raise Invalid("tile-path", "This is not the path of a tile.")
    return Tile(level, n, width)


def width(level: int, n: int, size: int) -> int:
    """Return how many hashes a tile has in a tree of this size, from 0 to 256."""
    return min(max((size >> 8 * max(level, 0)) - FULL * n, 0), FULL)


def needed(m: int, n: int) -> list[str]:
    """Return the paths of the tiles that a tree gains by growing from size m to n.

    Entry bundles have the numbers and widths of level 0.
    """
    paths: list[str] = []
    level = 0
    while n >> 8 * level:
        old, new = m >> 8 * level, n >> 8 * level
        if old != new:
            paths += [path(level, at) for at in range(old // FULL, new // FULL)]
            if new % FULL:
                paths.append(path(level, new // FULL, new % FULL))
        level += 1
    return paths


def root(size: int, read: Read) -> bytes:
    """Return the root of the tree of a size, which is not 0, from its tiles."""
    return _span(0, size, read)


def inclusion(m: int, n: int, read: Read) -> list[bytes]:
    """Return the proof that leaf m stands in the tree of size n."""
    if not 0 <= m < n:
        raise Invalid("inclusion", "The index lies outside of the tree.")
    spans: list[tuple[int, int]] = []
    a, b = 0, n
    while b - a > 1:
        s = _split(b - a)
        if m < a + s:
            spans.append((a + s, b))
            b = a + s
        else:
            spans.append((a, a + s))
            a += s
    return [_span(a, b, read) for a, b in reversed(spans)]


def consistency(m: int, n: int, read: Read) -> list[bytes]:
    """Return the proof that the tree of size n begins with that of size m."""
    if not 0 < m <= n:
        raise Invalid("consistency", "These two sizes cannot be compared.")
    spans: list[tuple[int, int]] = []
    a, b, whole = 0, n, True
    while m != b:
        s = _split(b - a)
        if m <= a + s:
            spans.append((a + s, b))
            b = a + s
        else:
            spans.append((a, a + s))
            a, whole = a + s, False
    if not whole:
        spans.append((a, b))
    return [_span(a, b, read) for a, b in reversed(spans)]


def _split(size: int) -> int:
    return 1 << (size - 1).bit_length() - 1


def _span(a: int, b: int, read: Read) -> bytes:
    size = b - a
    if size & (size - 1):
        s = _split(size)
        return node(_span(a, a + s, read), _span(a + s, b, read))
    level, k = divmod(size.bit_length() - 1, 8)
    n, start = divmod(a >> 8 * level, FULL)
    row = read(level, n)[start * HASH : start * HASH + (HASH << k)]
    if len(row) != HASH << k:
        raise Invalid("tile-short", "A tile has fewer hashes than the tree.")
    return _folded(row) if k else row


# Neighbouring proofs share most of their subtrees; without this, a proof from a tree
# of a million leaves costs hundreds of hashes instead of a few dozen.
_folded = lru_cache(maxsize=2048)(fold)


def bundle(leaves: Sequence[bytes]) -> bytes:
    """Return the entry bundle of these leaves, at most 256 of them."""
    if len(leaves) > FULL or any(len(leaf) > LONGEST_LEAF for leaf in leaves):
        raise Invalid("bundle", "These leaves do not fit into one entry bundle.")
    return b"".join([len(leaf).to_bytes(2, "big") + leaf for leaf in leaves])


def unbundle(raw: bytes) -> list[bytes]:
    """Return the leaves of an entry bundle."""
    leaves: list[bytes] = []
    at = 0
    while at < len(raw) and len(leaves) <= FULL:
        start = at + 2
        at = start + int.from_bytes(raw[at:start], "big")
        leaves.append(raw[start:at])
    if at != len(raw) or len(leaves) > FULL:
        raise Invalid("bundle", "This is not an entry bundle.")
    return leaves
