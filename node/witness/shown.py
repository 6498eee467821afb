"""What a log or its mirror shows to everybody, read over the network."""

from dataclasses import dataclass, field
from http import HTTPStatus

from federation.errors import Unfetched
from federation.fetch import Kind, Network, Pace
from ledger import tiles
from ledger.errors import Invalid
from ledger.tiles import ENTRIES, FULL


@dataclass(slots=True)
class Shown:
    """What is shown below an address, within a time."""

    network: Network
    url: str
    pace: Pace
    seen: dict[str, bytes] = field(default_factory=dict)

    def fetch(self, path: str, kind: Kind) -> bytes:
        """Return what is there; each thing is read once."""
        if path not in self.seen:
            self.seen[path] = self._get(path, kind)
        return self.seen[path]

    def leaves(self, n: int, size: int) -> list[bytes]:
        """Return the leaves that an entry bundle has in the log of a size.

        The log may have grown since: then only the full bundle is there.
        """
        width = tiles.width(ENTRIES, n, size)
        try:
            raw = self._get(tiles.path(ENTRIES, n, width), Kind.TILE)
        except Unfetched as failure:
            if width == FULL or failure.status != HTTPStatus.NOT_FOUND:
                raise
            raw = self._get(tiles.path(ENTRIES, n), Kind.TILE)
        leaves = tiles.unbundle(raw)
        if len(leaves) < width:
            raise Invalid("bundle", f"Entry bundle {n} is too short.")
        return leaves[:width]

    def _get(self, path: str, kind: Kind) -> bytes:
        where, within = f"{self.url}/{path}", self.pace.left()
        return self.network.get(where, kind=kind, within=within).body
