"""The proof file (C2SP tlog-proof): an index, hashes, and a checkpoint.

Its `extra` line is not signed by anybody: it helps a reader and proves nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ledger.encoding import b64, number, unb64
from ledger.errors import Invalid
from ledger.tiles import FULL
from ledger.tree import HASH, LONGEST

LIMIT = 192 * 1024
_FIRST = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof file taken apart. Nothing in it is known to be true yet."""

    extra: bytes | None
    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes


def write(
    extra: bytes | None, index: int, hashes: Sequence[bytes], checkpoint: bytes
) -> bytes:
    """Return the proof file of one leaf."""
    lines = [_FIRST, f"index {index}", *[b64(part) for part in hashes], "\n"]
    if extra is not None:
        lines.insert(1, f"extra {b64(extra)}")
    return "\n".join(lines).encode() + checkpoint


def read(raw: bytes) -> Proof:
    """Take a proof file apart, strictly; the checkpoint is left as it stands."""
    if len(raw) > LIMIT:
        raise Invalid("proof-malformed", "A proof file has at most 192 KiB.")
    head, gap, checkpoint = raw.partition(b"\n\n")
    try:
        first, *lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise Invalid("proof-malformed", "This is not a proof file.") from error
    if first != _FIRST or not gap or not lines:
        raise Invalid("proof-malformed", "This is not a proof file.")
    extra = None
    if lines[0].startswith("extra "):
        extra = unb64(lines.pop(0).removeprefix("extra "))
    if not lines or not lines[0].startswith("index "):
        raise Invalid("proof-malformed", "A proof file says where its leaf stands.")
    index = number(lines.pop(0).removeprefix("index "))
    hashes = tuple([unb64(line) for line in lines])
    if len(hashes) > LONGEST or any(len(part) != HASH for part in hashes):
        raise Invalid("proof-malformed", "A proof has at most 63 hashes of 32 bytes.")
    return Proof(extra, index, hashes, checkpoint)


def leaf_for(raw: bytes, leaves: Sequence[bytes]) -> bytes | None:
    """Return the leaf that a proof file is about, if it is in this entry bundle."""
    try:
        place = read(raw).index % FULL
    except Invalid:
        return None  # who reads the file says what is wrong with it
    return leaves[place] if place < len(leaves) else None
