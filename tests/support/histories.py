"""A log of somebody else: it signs whatever it is told, also two histories."""

from hashlib import sha512

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from federation.fetch import Answer
from ledger import checkpoint, entry, note, tiles, tree, witness
from ledger.note import COSIGNATURE, ED25519, Signer

MOST = 600
#: Two histories that begin alike and part after seven leaves.
TRUE = tuple(tree.leaf_hash(at.to_bytes(4, "big")) for at in range(MOST))
FALSE = (*TRUE[:7], *(tree.leaf_hash(at.to_bytes(5, "big")) for at in range(MOST - 7)))


def key(byte: int) -> Ed25519PrivateKey:
    """Return a key that only tests have."""
    return Ed25519PrivateKey.from_private_bytes(bytes([byte]) * 32)


class Log:
    """A log that nobody runs: its checkpoints, its proofs and its tiles."""

    def __init__(self, origin: str = "elm.example/ledger", seed: int = 7) -> None:
        self.origin = origin
        self.signer = Signer(origin, ED25519, key(seed))

    @property
    def vkey(self) -> str:
        """The key it is known by."""
        return str(self.signer.vkey)

    def root(self, size: int, leaves: tuple[bytes, ...] = TRUE) -> bytes:
        """Return the root of a size."""
        return tree.root(tree.append(tree.Edge(), leaves[:size])[0])

    def signed(self, size: int, leaves: tuple[bytes, ...] = TRUE) -> bytes:
        """Return the checkpoint of a size."""
        text = checkpoint.text(self.origin, size, self.root(size, leaves))
        return note.sign(text, self.signer)

    def tile(self, level: int, n: int, leaves: tuple[bytes, ...] = TRUE) -> bytes:
        """Return a tile as wide as it gets."""
        edge, full = tree.append(tree.Edge(), leaves)
        return {(at, no): row for at, no, row in full}.get(
            (level, n), edge.levels[level]
        )

    def asks(self, old: int, size: int, leaves: tuple[bytes, ...] = TRUE) -> bytes:
        """Return the body that asks a witness to cosign a size."""
        proof = tiles.consistency(
            old, size, lambda level, n: self.tile(level, n, leaves[:size])
        ) if old else []  # fmt: skip
        return witness.write(old, proof, self.signed(size, leaves))


class Shelf(Log):
    """A log whose leaves anybody can have: cover entries, as many as there are."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.all = tuple(
            entry.cover(sha512(b"%d" % n).digest()[:48]) for n in range(count)
        )
        self.hashes = tuple(tree.leaf_hash(leaf) for leaf in self.all)

    def show(self, shelf: dict[str, Answer], size: int) -> bytes:
        """Put the files of a size under the paths they have; return the checkpoint."""
        for n in range(-(-size // tiles.FULL)):
            width = tiles.width(tiles.ENTRIES, n, size)
            first = n * tiles.FULL
            path = f"/ledger/{tiles.path(tiles.ENTRIES, n, width)}"
            shelf[path] = octets(tiles.bundle(self.all[first : first + width]))
        return self.signed(size, self.hashes)


def octets(data: bytes) -> Answer:
    """Return the answer that a tile is."""
    return Answer(200, {"content-type": "application/octet-stream"}, data)


def witness_key(name: str = "elm.example/witness", seed: int = 8) -> Signer:
    """Return what somebody else cosigns with."""
    return Signer(name, COSIGNATURE, key(seed))
