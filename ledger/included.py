"""Leaves shown with the proof that they stand in a log, inside of other files."""

from dataclasses import dataclass
from typing import Self

from ledger.encoding import Json, b64u
from ledger.errors import Invalid
from ledger.shapes import Shape
from ledger.tree import HASH, LONGEST, leaf_hash, verify_inclusion


@dataclass(frozen=True, slots=True)
class Included:
    """A leaf's data, its index, and the hashes that lead to a root."""

    index: int
    leaf: bytes
    proof: tuple[bytes, ...]

    @property
    def written(self) -> dict[str, Json]:
        """The members of its JSON object."""
        hashes: list[Json] = [b64u(one) for one in self.proof]
        return {"index": self.index, "leaf": b64u(self.leaf), "proof": hashes}

    @classmethod
    def read(cls, shape: Shape) -> Self:
        """Read the JSON object that `written` gives."""
        if shape.given.keys() != {"index", "leaf", "proof"}:
            raise Invalid(shape.code, "A leaf has an index, its data and a proof.")
        proof = tuple(read_hashes(shape, "proof"))
        return cls(shape.number("index"), shape.raw("leaf"), proof)

    def require(self, size: int, root: bytes) -> None:
        """Raise unless the leaf stands in the tree of this size and root."""
        hashed = leaf_hash(self.leaf)
        verify_inclusion(self.index, size, hashed, self.proof, root)


def read_leaves(shape: Shape, name: str) -> list[Included]:
    """Return a member that lists leaves."""
    return [Included.read(one) for one in shape.objects(name)]


def read_hashes(shape: Shape, name: str) -> list[bytes]:
    """Return a member that lists the hashes of a proof, at most 63."""
    texts = shape.texts(name)
    if len(texts) > LONGEST:
        raise Invalid(shape.code, f"The member {name} has more than {LONGEST} hashes.")
    return [Shape({name: text}, shape.code).raw(name, HASH) for text in texts]
