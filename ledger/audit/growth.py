"""Following a log as it grows, from its static tiles alone.

An auditor keeps the tree's edge, 8 KiB a level. Each new leaf is hashed once, and every
file that the log gained is compared with what follows from its leaves.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from ledger import tiles, tree
from ledger.audit.clears import Clears, follow
from ledger.audit.state import Audited, served
from ledger.audit.tags import is_sealed
from ledger.checkpoint import Checkpoint
from ledger.errors import Invalid
from ledger.receipt.verdict import Finding, find, unreached
from ledger.tiles import ENTRIES, FULL
from ledger.tree import HASH, Edge


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What an auditor found between two sizes."""

    findings: tuple[Finding, ...]
    #: Where to go on next time; where it was before if the log did not grow from it.
    reached: Audited
    sealed: int = 0
    clear: int = 0
    unknown: int = 0

    @property
    def valid(self) -> bool:
        """Whether all that was looked at is in order."""
        return all(finding.ok for finding in self.findings)


@dataclass(slots=True)
class _Walk:
    old: Audited
    new: Checkpoint
    files: Mapping[str, bytes]
    edge: Edge
    clears: Clears
    kinds: list[int] = field(default_factory=lambda: [0, 0, 0])
    #: The first leaf of an unknown kind, and what is wrong with the clear chain.
    odd: int | None = None
    broken: Invalid | None = None
    wrong_tile: str = ""


def advance(old: Audited, new: Checkpoint, files: Mapping[str, bytes]) -> Findings:
    """Read what a log gained up to a checkpoint whose signatures were checked.

    `files` may fetch each path when it is asked for: they are read once, one by one.
    """
    walk = _Walk(old, new, files, old.edge, old.clears or Clears(old.origin))
    found: list[Finding] = []
    for name, step in _STEPS:
        found.append(find(len(found) + 1, name, partial(step, walk)))
        if not found[-1].ok and len(found) <= _NEEDED:
            names = [name for name, _ in _STEPS[len(found) :]]
            return Findings(
                findings=(*found, *unreached(names, len(found) + 1)), reached=old
            )
    reached = replace(old, edge=walk.edge, clears=walk.clears)
    clear, sealed, unknown = walk.kinds
    return Findings(
        findings=tuple(found),
        reached=reached,
        sealed=sealed,
        clear=clear,
        unknown=unknown,
    )


def _growth(walk: _Walk) -> str:
    if walk.new.origin != walk.old.origin:
        raise Invalid("log-mismatch", "This is the checkpoint of another log.")
    if walk.new.size < walk.old.size:
        raise Invalid("rollback", "The log has fewer leaves than it had before.")
    return f"The log grew from {walk.old.size} leaves to {walk.new.size}."


def _bundles(walk: _Walk) -> str:
    size = walk.new.size
    while walk.edge.size < size:
        n, known = divmod(walk.edge.size, FULL)
        leaves = tiles.unbundle(served(walk.files, ENTRIES, n, size))
        if len(leaves) != tiles.width(ENTRIES, n, size):
            raise Invalid("bundle", f"Entry bundle {n} has the wrong length.")
        hashes = [tree.leaf_hash(leaf) for leaf in leaves]
        if known and b"".join(hashes[:known]) != walk.edge.levels[0]:
            raise Invalid("rewrite", f"Entry bundle {n} is not what it was before.")
        walk.edge, full = tree.append(walk.edge, hashes[known:])
        for level, at, tile in full:
            _compare(walk, level, at, tile)
        _look(walk, n * FULL + known, leaves[known:])
    return "The entry bundles are all there."


def _compare(walk: _Walk, level: int, n: int, tile: bytes) -> None:
    path = tiles.path(level, n, len(tile) // HASH)
    if walk.files.get(path) != tile and not walk.wrong_tile:
        walk.wrong_tile = path


def _look(walk: _Walk, first: int, leaves: list[bytes]) -> None:
    for index, leaf in enumerate(leaves, first):
        kind = _kind(leaf)
        walk.kinds[kind] += 1
        if kind == _UNKNOWN and walk.odd is None:
            walk.odd = index
        if kind == _CLEAR and walk.broken is None:
            try:
                walk.clears = follow(leaf, walk.clears)
            except Invalid as no:
                walk.broken = no


_CLEAR, _SEALED, _UNKNOWN = 0, 1, 2


def _kind(leaf: bytes) -> int:
    if is_sealed(leaf):
        return _SEALED
    return _CLEAR if leaf[:1] == b"\0" else _UNKNOWN


def _root(walk: _Walk) -> str:
    if tree.root(walk.edge) != walk.new.root:
        raise Invalid("root", "The leaves do not have the root that was signed.")
    return "The leaves have the root that was signed."


def _tiles(walk: _Walk) -> str:
    for level, row in enumerate(walk.edge.levels):
        if row and walk.old.edge.levels[level : level + 1] != (row,):
            _compare(walk, level, walk.edge.size >> 8 * (level + 1), row)
    if walk.wrong_tile:
        raise Invalid("tile-wrong", f"{walk.wrong_tile} is missing or wrong.")
    return "The tiles follow from the leaves."


def _leaves(walk: _Walk) -> str:
    if walk.odd is not None:
        raise Invalid("leaf-unknown", f"The leaf at index {walk.odd} is none we know.")
    return "Every leaf is of a kind that we know."


def _clears(walk: _Walk) -> str:
    if walk.broken is not None:
        raise walk.broken
    return "The clear entries follow one another."


#: What is looked at, by the name that its finding carries.
_STEPS: tuple[tuple[str, Callable[[_Walk], str]], ...] = (
    ("growth", _growth),
    ("bundles", _bundles),
    ("root", _root),
    ("tiles", _tiles),
    ("leaves", _leaves),
    ("clear", _clears),
)
#: The names of the findings, in their order.
STEPS = tuple([name for name, _ in _STEPS])
#: If one of so many fails, the auditor stays where it was, and no more is said.
_NEEDED = 4
