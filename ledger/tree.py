"""The Merkle tree of RFC 6962: hashes, the growing edge, and checking proofs.

A root commits to every leaf and to their order. Whoever kept a root can be shown, with
a few hashes, that a leaf is under it or that a larger tree still begins with it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from struct import Struct

from ledger.errors import Invalid

HASH = 32
#: A tile has 256 hashes; its root is one hash of the level above.
TILE = 256 * HASH
EMPTY = sha256().digest()
#: No tree of fewer than 2^63 leaves needs a longer proof.
LONGEST = 63
_PAIRS = Struct(f"{2 * HASH}s")


@dataclass(frozen=True, slots=True)
class Edge:
    """What is needed to go on growing: for each level, its tile that is not full."""

    levels: tuple[bytes, ...] = ()

    @property
    def size(self) -> int:
        """How many leaves the tree has."""
        return sum(len(row) // HASH << 8 * n for n, row in enumerate(self.levels))


def leaf_hash(data: bytes) -> bytes:
    """Return the hash under which a leaf stands in the tree."""
    return sha256(b"\0" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Return the hash over two neighbours."""
    return sha256(b"\1" + left + right).digest()


def fold(row: bytes) -> bytes:
    """Return the root over hashes that stand side by side; their number is 2^k."""
    while len(row) > HASH:
        pairs = _PAIRS.iter_unpack(row)
        row = b"".join([sha256(b"\1" + pair).digest() for (pair,) in pairs])
    return row


def append(
    edge: Edge, hashes: Iterable[bytes]
) -> tuple[Edge, list[tuple[int, int, bytes]]]:
    """Grow the tree; return its new edge, and (level, number, tile) of what filled up.

    Costs about one hash a leaf, however large the tree is.
    """
    levels = list(edge.levels)
    tiles: list[tuple[int, int, bytes]] = []
    first, level, fresh = edge.size >> 8, 0, b"".join(hashes)
    while fresh:
        if level == len(levels):
            levels.append(b"")
        row = levels[level] + fresh
        full = len(row) - len(row) % TILE
        cut = [row[at : at + TILE] for at in range(0, full, TILE)]
        tiles += [(level, first + n, tile) for n, tile in enumerate(cut)]
        levels[level] = row[full:]
        fresh = b"".join([fold(tile) for tile in cut])
        first, level = first >> 8, level + 1
    return Edge(tuple(levels)), tiles


def root(edge: Edge) -> bytes:
    """Return the root of the tree that has this edge."""
    above: bytes | None = None
    for row in edge.levels:
        end = len(row) // HASH
        while end:  # whole subtrees, the smallest and rightmost first
            start = end & (end - 1)
            whole = fold(row[start * HASH : end * HASH])
            above = whole if above is None else node(whole, above)
            end = start
    return EMPTY if above is None else above


def verify_inclusion(
    index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes
) -> None:
    """Raise unless the leaf hash stands at `index` of the tree with this size and root.

    This is RFC 9162, 2.1.3.2.
    """
    _require_hashes(proof, "inclusion")
    if not 0 <= index < size:
        raise Invalid("inclusion", "The index lies outside of the tree.")
    at, last, hashed = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise Invalid("inclusion", "The proof has too many hashes.")
        if at & 1 or at == last:
            hashed = node(sibling, hashed)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            hashed = node(hashed, sibling)
        at, last = at >> 1, last >> 1
    if last or hashed != root:
        raise Invalid("inclusion", "The entry is not in the tree with this root.")


def verify_consistency(
    m: int, n: int, root_m: bytes, root_n: bytes, proof: Sequence[bytes]
) -> None:
    """Raise unless the tree of size n begins with the tree of size m, 0 < m <= n."""
    _require_hashes(proof, "consistency")
    if not 0 < m <= n:
        raise Invalid("consistency", "These two sizes cannot be compared.")
    if m == n:
        if proof or root_m != root_n:
            raise Invalid("consistency", "One size has two different roots.")
        return
    path = [root_m, *proof] if m & (m - 1) == 0 else proof
    if fold_consistency(m, n, path) != (root_m, root_n):
        raise Invalid("consistency", "The larger tree does not begin with the smaller.")


def fold_consistency(m: int, n: int, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Return the roots of sizes m < n that a path stands for, its first hash explicit.

    This is RFC 9162, 2.1.4.2, from step 3.
    """
    if not 0 < m < n or not path:
        raise Invalid("consistency", "This proof cannot belong to these sizes.")
    at, last = m - 1, n - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    fr = sr = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise Invalid("consistency", "The proof has too many hashes.")
        if at & 1 or at == last:
            fr, sr = node(sibling, fr), node(sibling, sr)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            sr = node(sr, sibling)
        at, last = at >> 1, last >> 1
    if last:
        raise Invalid("consistency", "The proof has too few hashes.")
    return fr, sr


def _require_hashes(proof: Sequence[bytes], code: str) -> None:
    if len(proof) > LONGEST or any(len(part) != HASH for part in proof):
        raise Invalid(code, "A proof has at most 63 hashes of 32 bytes.")
