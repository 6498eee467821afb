"""A log's public files, read over the network as anybody reads them.

Each file is asked for once, through the guard: only the right type, within a size and
a time. What was read is not kept, but for the entries' own 49 bytes, on disk.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from tempfile import TemporaryFile
from typing import IO, Self

from federation.errors import Unfetched
from federation.fetch import Kind, Network, Pace, codes
from ledger import audit, rotation, tiles
from ledger.errors import Invalid
from ledger.tree import HASH

#: Seconds for one file.
_LONGEST = 10.0
_LEAF = 49
_AT_ONCE = 4_096
#: So many tags are compared at a time: 50 MB of memory, whatever the log's size.
_TAGS = 250_000


@dataclass(slots=True)
class Site:
    """Where a log shows itself."""

    network: Network
    url: str
    pace: Pace

    @classmethod
    def at(
        cls, network: Network, url: str, seconds: float, monotonic: Callable[[], float]
    ) -> Self:
        """Return the log under an address, to be read within so many seconds."""
        return cls(network, url.rstrip("/"), Pace(seconds, monotonic))

    def read(self, path: str, kind: Kind) -> bytes | None:
        """Return a file, or None where there is none; refuse what is not such a one."""
        try:
            within = min(self.pace.left(), _LONGEST)
            found = self.network.get(f"{self.url}/{path}", kind=kind, within=within)
        except Unfetched as failure:
            if failure.status == HTTPStatus.NOT_FOUND:
                return None
            said = codes.SENTENCES[failure.code]
            raise Invalid(failure.code, f"{path}: {said}") from failure
        return found.body


class Leaves:
    """What an audit has to remember of the entries it read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._count = 0
        #: Entries about the log's keys, not more of them than anybody follows.
        self.changes: list[bytes] = []

    @classmethod
    @contextmanager
    def begun(cls) -> Iterator[Self]:
        """Remember nothing yet, and forget all of it at the end."""
        with TemporaryFile() as file:
            yield cls(file)

    def look(self, leaves: list[bytes]) -> None:
        """Remember the entries of a bundle."""
        for leaf in leaves:
            sealed = leaf if len(leaf) == _LEAF else bytes(_LEAF)
            self._file.write(sealed)
            few = len(self.changes) <= rotation.MOST
            if few and rotation.read_change(leaf) is not None:
                self.changes.append(leaf)
        self._count += len(leaves)

    def twin(self, first: int) -> audit.Twin | None:
        """Return where a tag stands twice; `first` is the index of the first entry."""
        parts = min(self._count // _TAGS + 1, 256)
        for part in range(parts):
            found = audit.tags(self._kept(), {}, first=first, share=(part, parts))
            if found is not None:
                return found
        return None

    def _kept(self) -> Iterator[bytes]:
        self._file.seek(0)
        while piece := self._file.read(_LEAF * _AT_ONCE):
            for at in range(0, len(piece), _LEAF):
                yield piece[at : at + _LEAF]


@dataclass(slots=True)
class Files(Mapping[str, bytes]):
    """The tiles of a log, by their paths; entries are looked at on their way."""

    site: Site
    leaves: Leaves
    _last: tuple[str, bytes | None] = ("", None)

    def __getitem__(self, path: str) -> bytes:
        """Fetch a tile; an auditor asks whether it is there, and then for it."""
        if path != self._last[0]:
            body = self.site.read(path, Kind.TILE)
            self._last = path, body
            if body is not None:
                self._look(path, body)
        body = self._last[1]
        if body is None:
            raise KeyError(path)
        return body

    def _look(self, path: str, body: bytes) -> None:
        tile = tiles.parse_path(path)
        if tile.level == tiles.ENTRIES:
            self.leaves.look(tiles.unbundle(body))
        elif len(body) != tile.width * HASH:
            raise Invalid("tile-short", f"{path} is not as long as it should be.")

    def __iter__(self) -> Iterator[str]:
        """Return nothing: nobody lists a log's files, they are asked for by path."""
        return iter(())

    def __len__(self) -> int:
        """Return how many are listed."""
        return 0
