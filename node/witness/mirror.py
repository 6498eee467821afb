"""Keeping a copy of each log that this node cosigns, so that it can be had back.

Entries are pulled bundle by bundle, a few at a visit. What they are is known once their
root is the one that was cosigned; before that they are shown to nobody. If it is
another, they are thrown away.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from federation.errors import Unfetched
from federation.fetch import Pace
from ledger import tiles, tree
from ledger.entry.commitments import TAG
from ledger.entry.leaves import COVER
from ledger.errors import Invalid
from ledger.tiles import ENTRIES, FULL
from ledger.tree import HASH, Edge
from node.core import Node
from node.models.witness import Mirror, MirrorTag, MirrorTile, WitnessLog
from node.upsert import insert_once, insert_over
from node.witness import visits
from node.witness.shown import Shown

#: What one visit may take, in bytes of entries and in seconds.
_STEP, _SECONDS = 4 * 1024 * 1024, 30.0
_MIB = 1024 * 1024
#: No log has more levels of tiles.
_LEVELS = 8
FULL_UP = "mirror-full"


def mirror(node: Node, origin: str) -> bool:
    """Bring the copy of one log nearer to what was cosigned; False if somebody else is.

    Safe to call at any time.
    """
    visit = visits.begin(node, Mirror, origin)
    if visit is None:
        return False
    with node.read() as tx:
        known = tx.get_one(WitnessLog, origin)
        edge = edge_of(tx, origin, visit.row.fetched)
    left = node.settings.ledger_mirror * _MIB - visit.row.weight
    pulled = _Pulled(known, edge)
    problem, wrong = "", False
    shown = Shown(node.network, visit.row.url, Pace(_SECONDS, node.monotonic))
    try:
        problem = pulled.go_on(shown, left)
    except Unfetched as failure:
        problem = failure.code
    except Invalid as no:
        problem, wrong = no.code, True
    with node.begin() as tx:
        row = visits.end(node, tx, visit, problem, timedelta())
        if row is not None and wrong:
            _cut_back(tx, row)
        elif row is not None:
            _keep(tx, row, pulled)
    return True


def edge_of(tx: Session, origin: str, size: int) -> Edge:
    """Return the edge of a copy that has so many entries."""
    levels: list[bytes] = []
    while size >> 8 * len(levels):
        level = len(levels)
        row = tx.get(MirrorTile, (origin, level, size >> 8 * (level + 1)))
        width = (size >> 8 * level) % FULL
        levels.append(row.data[: width * HASH] if row else b"")
    return Edge(tuple(levels))


@dataclass(slots=True)
class _Pulled:
    """What one visit brought: bundles, and what follows from them."""

    known: WitnessLog
    edge: Edge
    rows: dict[tuple[int, int], bytes] = field(default_factory=dict)
    tags: list[tuple[bytes, int]] = field(default_factory=list)
    weight: int = 0

    @property
    def complete(self) -> bool:
        """Whether these are all entries that were cosigned, and they give the root."""
        return self.edge.size == self.known.size

    def go_on(self, shown: Shown, left: int) -> str:
        """Pull until all is here or enough was done; return what is in the way."""
        size, root = self.known.size or 0, self.known.root
        while self.edge.size < size and self.weight < _STEP:
            if self.weight >= left:
                return FULL_UP
            self._take(shown.leaves(self.edge.size // FULL, size))
        if self.complete and tree.root(self.edge) != root:
            raise Invalid("tiles", "The entries do not give the root that is signed.")
        return ""

    def _take(self, leaves: list[bytes]) -> None:
        n, known = divmod(self.edge.size, FULL)
        hashes = [tree.leaf_hash(leaf) for leaf in leaves]
        if known and b"".join(hashes[:known]) != self.edge.levels[0]:
            raise Invalid("tiles", "An entry is not what it was before.")
        self.edge, full = tree.append(self.edge, hashes[known:])
        self.rows |= {(level, at): data for level, at, data in full}
        self.rows[ENTRIES, n] = tiles.bundle(leaves)
        self.weight += sum(len(leaf) + 2 for leaf in leaves[known:])
        for index, leaf in enumerate(leaves[known:], n * FULL + known):
            if leaf[:1] == b"\1" and len(leaf) == 1 + COVER:
                self.tags.append((leaf[1 : 1 + TAG], index))


def _keep(tx: Session, row: Mirror, pulled: _Pulled) -> None:
    size = pulled.edge.size
    rows = dict(pulled.rows)
    for level, data in enumerate(pulled.edge.levels):
        if data:
            rows[level, size >> 8 * (level + 1)] = data
    for (level, n), data in rows.items():
        one: dict[str, object] = {
            "origin": row.origin, "level": level, "n": n, "data": data,
        }  # fmt: skip
        insert_over(tx, MirrorTile, one, "origin", "level", "n")
    tags: list[dict[str, object]] = [
        {"origin": row.origin, "tag": tag, "idx": index} for tag, index in pulled.tags
    ]
    insert_once(tx, MirrorTag, tags, "origin", "tag", "idx")
    row.fetched, row.weight = size, row.weight + pulled.weight
    if pulled.complete:
        row.size, row.note = size, pulled.known.note
    else:
        tx.info["ring"] = True


def _cut_back(tx: Session, row: Mirror) -> None:
    """Let go of what is beyond the size that was checked."""
    mine = MirrorTile.origin == row.origin
    for level in range(ENTRIES, _LEVELS):
        last = row.size >> 8 * (max(level, 0) + 1)
        of = MirrorTile.level == level
        tx.execute(delete(MirrorTile).where(mine, of, MirrorTile.n > last))
    beyond = MirrorTag.origin == row.origin, MirrorTag.idx >= row.size
    tx.execute(delete(MirrorTag).where(*beyond))
    bundles = select(func.sum(func.length(MirrorTile.data)))
    kept = tx.scalar(bundles.where(mine, MirrorTile.level == ENTRIES))
    row.fetched, row.weight = row.size, kept or 0
