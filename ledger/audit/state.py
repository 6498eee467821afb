"""What an auditor keeps between two visits, and how one starts in the middle."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ledger import tiles, tree
from ledger.audit.clears import Clears
from ledger.checkpoint import Checkpoint
from ledger.errors import Invalid
from ledger.tiles import FULL
from ledger.tree import HASH, Edge


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """How far an auditor came. It holds no secret and stays small."""

    origin: str
    edge: Edge = field(default_factory=Edge)
    #: How far the clear chain was followed; None where it starts in the middle.
    clears: Clears | None = None

    @property
    def size(self) -> int:
        """How many leaves were read, or vouched for by the root."""
        return self.edge.size

    @property
    def root(self) -> bytes:
        """The root over them."""
        return tree.root(self.edge)


def resume(kept: Checkpoint, size: int, files: Mapping[str, bytes]) -> Audited:
    """Return the state of an auditor who kept only a checkpoint, from larger tiles."""
    if kept.size > size:
        raise Invalid("rollback", "The log has fewer leaves than it had before.")
    levels: list[bytes] = []
    while kept.size >> 8 * (level := len(levels)):
        n, width = divmod(kept.size >> 8 * level, FULL)
        row = served(files, level, n, size) if width else b""
        levels.append(row[: width * HASH])
    edge = Edge(tuple(levels))
    if tree.root(edge) != kept.root:
        raise Invalid("rewrite", "The log does not begin with what it was before.")
    return Audited(origin=kept.origin, edge=edge, clears=Clears(kept.origin, None))


def served(files: Mapping[str, bytes], level: int, n: int, size: int) -> bytes:
    """Return tile n of a level as the log serves it at a size."""
    path = tiles.path(level, n, tiles.width(level, n, size))
    if path not in files:
        raise Invalid("tile-missing", f"The log does not serve {path}.")
    return files[path]
