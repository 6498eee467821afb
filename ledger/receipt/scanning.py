"""Reading a log's leaves once, to know that it is this log and where tags stand.

Only the leaves themselves prove that a tag is nowhere else. A look-up that a node
answers can leave tags out.
"""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice

from ledger import entry, rotation, tree
from ledger.encoding import b64u
from ledger.entry import Clear, Sealed
from ledger.errors import Invalid

_AT_ONCE = 4_096
_TOMBSTONE = b'"kind":"tombstone"'
_TAG = slice(1, 17)
_CLEAR = b"\0"


@dataclass(frozen=True, slots=True)
class Found:
    """Where a tag stands, and what its leaf commits to."""

    index: int
    c: bytes


@dataclass(slots=True)
class Scan:
    """What was found in the leaves."""

    size: int
    root: bytes
    tags: dict[int, list[Found]] = field(default_factory=dict)
    #: Leaves about the log's keys, not more of them than anybody follows.
    changes: list[bytes] = field(default_factory=list)
    #: The index of the tombstone that names a commitment.
    tombstones: dict[bytes, int] = field(default_factory=dict)


def scan(leaves: Iterable[bytes], most: int, wanted: Mapping[bytes, int]) -> Scan:
    """Read the leaves, in order and never more than one past `most`.

    What is kept grows with what was wanted and found, and not with the log.
    """
    found = Scan(0, tree.EMPTY)
    edge, rest = tree.Edge(), iter(leaves)
    c_of: dict[str, bytes] = {}
    while part := list(islice(rest, min(_AT_ONCE, most + 1 - edge.size))):
        for at in notable(part, wanted):
            index, leaf = edge.size + at, part[at]
            if leaf[_TAG] in wanted:
                _hit(found, index, leaf, wanted, c_of)
                continue
            if _TOMBSTONE in leaf:
                _tombstone(found, index, leaf, c_of)
            if len(found.changes) <= rotation.MOST and rotation.read_change(leaf):
                found.changes.append(leaf)
        edge, _ = tree.append(edge, [tree.leaf_hash(leaf) for leaf in part])
    found.size, found.root = edge.size, tree.root(edge)
    return found


def notable(leaves: Iterable[bytes], wanted: Container[bytes]) -> list[int]:
    """Return where a wanted tag or a clear leaf stands; most leaves are neither."""
    return [
        at
        for at, leaf in enumerate(leaves)
        if leaf[_TAG] in wanted or leaf[:1] == _CLEAR
    ]


def _hit(
    found: Scan,
    index: int,
    leaf: bytes,
    wanted: Mapping[bytes, int],
    c_of: dict[str, bytes],
) -> None:
    match _read(leaf):
        case Sealed(tag, c):
            found.tags.setdefault(wanted[tag], []).append(Found(index, c))
            c_of[b64u(c)] = c


def _tombstone(found: Scan, index: int, leaf: bytes, c_of: dict[str, bytes]) -> None:
    match _read(leaf):
        case Clear(kind="tombstone", body={"targets": list(targets)}):
            for target in targets:
                if isinstance(target, str) and target in c_of:
                    found.tombstones[c_of[target]] = index


def _read(leaf: bytes) -> Sealed | Clear | None:
    try:
        return entry.read_leaf(leaf)
    except Invalid:
        return None  # an unknown leaf says nothing; an audit names it
