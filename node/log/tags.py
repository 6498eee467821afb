"""Finding one's own entries by the beginning of a tag: a quick look, never a proof.

Short beginnings only, so that each asks about hundreds of entries at once. The answer
can leave something out; only the entry bundles show that nothing is missing.
"""

from dataclasses import dataclass

from sqlalchemy import LargeBinary, Select, func, literal, select
from sqlalchemy.orm import Session

from governance.errors import Refusal
from ledger.encoding import u64
from ledger.entry.commitments import TAG
from node.core import Node
from node.log.reading import NotPublished, published
from node.models.log import LedgerEntry, LedgerTag
from node.upsert import insert

#: How many tags a beginning should at least be shared by.
_CROWD = 256
_SEALED = b"\1"
_START = func.substr(LedgerEntry.leaf, 1, 1, type_=LargeBinary())
_TAG = func.substr(LedgerEntry.leaf, 2, TAG, type_=LargeBinary())


class PrefixTooLong(Refusal):
    """So long a beginning of a tag would tell whose it is."""

    code = "prefix-too-long"


class Twin(Exception):  # noqa: N818 - what was found
    """Two leaves have one tag: no chain can be counted any more."""


@dataclass(frozen=True, slots=True)
class Tags:
    """What begins alike in the log of one size."""

    size: int
    #: 24 bytes each, in the order of the log: the tag, and its index.
    records: bytes


def index(tx: Session, size: int) -> None:
    """Bring the tags up to a size that is about to be published, or raise `Twin`."""
    last = tx.scalar(select(func.max(LedgerTag.idx)))
    start = 0 if last is None else last + 1
    fresh = LedgerEntry.idx >= start, LedgerEntry.idx < size, literal(_SEALED) == _START
    found = select(_TAG, LedgerEntry.idx).where(*fresh).order_by(LedgerEntry.idx)
    tx.connection().execute(
        insert(tx, LedgerTag)
        .from_select(["tag", "idx"], found)
        .on_conflict_do_nothing(index_elements=["tag"])
    )
    wanted = tx.scalar(select(func.count()).where(*fresh))
    filled = tx.scalar(select(func.count()).where(LedgerTag.idx >= start))
    if filled != wanted:
        raise Twin


def longest(size: int) -> int:
    """Return how many digits may be asked for in a log of this size."""
    digits = 1
    while _CROWD << 4 * (digits + 1) <= size:
        digits += 1
    return digits


def look_up(node: Node, prefix: str, size: int | None = None) -> Tags:
    """Return the tags that begin with some hexadecimal digits, in the published log.

    With a size, in the log as it was when it had that size.
    """
    with node.read() as tx:
        query = select(LedgerTag.tag, LedgerTag.idx)
        return among(tx, query, Asked(prefix, size, published(tx).size))


@dataclass(frozen=True, slots=True)
class Asked:
    """A beginning of tags, in the log of a size or of the newest there is."""

    prefix: str
    size: int | None
    newest: int


def among(tx: Session, query: Select[bytes, int], asked: Asked) -> Tags:
    """Return what is asked for from a query of tags and their indexes."""
    size = asked.newest if asked.size is None else asked.size
    if not 0 < size <= asked.newest:
        raise NotPublished("No log of this size is published.")
    if len(asked.prefix) > longest(size):
        raise PrefixTooLong(
            f"At this size a prefix has at most {longest(size)} digits."
        )
    low, high = (bytes.fromhex(asked.prefix.ljust(2 * TAG, end)) for end in "0f")
    tag, idx = query.selected_columns
    found = tx.execute(query.where(tag.between(low, high), idx < size).order_by(idx))
    return Tags(size, b"".join([one + u64(at) for one, at in found]))
