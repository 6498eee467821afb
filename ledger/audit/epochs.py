"""Which log this one follows, and whether anybody vouches for that."""

from collections.abc import Iterable

from ledger import rotation, succession, tree
from ledger.errors import Invalid
from ledger.tree import Edge


def follows(genesis: bytes, before: Iterable[bytes] | None = None) -> str:
    """Say which log the one with this first leaf follows, if any.

    With `before`, the leaves of a copy of that log, it is checked: that the copy begins
    with what was cited, and that enough of its recovery keys signed.
    """
    found = succession.read(genesis)
    if found is None:
        if before is not None:
            raise Invalid("succession", "This log says that it follows no other.")
        return "It is its host's first log: it follows no other."
    told = f"It says that it follows {found.previous}, of {found.end.size} entries"
    if before is None:
        return f"{told}; only a copy of that log can show it."
    copy = _Copy(before)
    signed = succession.require(copy.first, genesis, copy.changes)
    if len(copy.hashes) < found.end.size:
        # What was lost of it is lost to its own host, too; that accuses nobody.
        told += f", of which this copy has {len(copy.hashes)}"
    elif copy.root(found.end.size) != found.end.root:
        raise Invalid("succession", "The copy of that log does not hold what is cited.")
    if not signed:
        return f"{told}. That log named no recovery keys, so nobody proves it."
    return f"{told}; recovery keys of that log that signed it: {signed}."


class _Copy:
    def __init__(self, leaves: Iterable[bytes]) -> None:
        self.first, self.changes, self.hashes = b"", list[bytes](), list[bytes]()
        for leaf in leaves:
            self.first = self.first or leaf
            if rotation.read_change(leaf):
                self.changes.append(leaf)
            self.hashes.append(tree.leaf_hash(leaf))

    def root(self, size: int) -> bytes:
        edge, _ = tree.append(Edge(), self.hashes[:size])
        return tree.root(edge)
