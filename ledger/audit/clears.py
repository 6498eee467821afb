"""The clear chain: public entries, each of which names the one before."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ledger import entry, origins, succession, tree
from ledger.entry import Clear
from ledger.errors import Invalid

GENESIS, END = "genesis", "epoch.end"


@dataclass(frozen=True, slots=True)
class Clears:
    """How far the clear chain of a log was followed."""

    log: str
    #: The number of the next clear entry; None where it was not followed yet.
    seq: int | None = 0
    #: Leaf hash of the last one.
    prev: bytes | None = None
    #: Whether the log said that it ends; nothing in the clear comes after that.
    ended: bool = False


def clear_chain(leaves: Iterable[bytes], clears: Clears) -> Clears:
    """Follow the clear entries among these leaves, or refuse a gap or a fork."""
    for leaf in leaves:
        if leaf[:1] == b"\0":
            clears = follow(leaf, clears)
    return clears


def follow(leaf: bytes, clears: Clears) -> Clears:
    """Return where the clear chain is after this clear leaf, or refuse it."""
    try:
        found = entry.read_leaf(leaf)
    except Invalid as error:
        raise Invalid("clear-chain", "A clear entry cannot be read.") from error
    if not isinstance(found, Clear) or found.log != clears.log:
        raise Invalid("clear-chain", "A clear entry is of another log.")
    if (found.kind == GENESIS) != (found.seq == 0):
        raise Invalid("clear-chain", "A log begins with its genesis, and only once.")
    if clears.seq is not None and (found.seq, found.prev) != (clears.seq, clears.prev):
        raise Invalid("clear-chain", f"Clear entry {clears.seq} is missing or another.")
    if clears.ended:
        raise Invalid("clear-chain", "A clear entry stands after the end of the log.")
    if found.kind == GENESIS:
        succession.read(leaf)
    ended, next_ = found.kind == END, found.body.get("next")
    # A node that stops for good names no next log.
    if ended and next_ is not None and next_ != origins.following(found.log):
        raise Invalid("clear-chain", "The log ends with another name than the next.")
    return replace(clears, seq=found.seq + 1, prev=tree.leaf_hash(leaf), ended=ended)
