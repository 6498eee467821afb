"""The published log as people look at it: its entries, and who signed its seal."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger import entry as entries
from ledger import tree
from ledger.encoding import b64u
from ledger.note import VKey
from node.core import Node
from node.log.reading import NotPublished, published
from node.models.log import LedgerEntry, LedgerPayload, is_clear
from node.models.witness import LedgerCosignature, LedgerWitness

_PAGE = 50
_CLEAR = is_clear(LedgerEntry.leaf.expression)


@dataclass(frozen=True, slots=True)
class PayloadShown:
    """What a clear entry commits to, as far as anybody may see it."""

    name: str
    #: The commitment, as addresses have it.
    commitment: str
    #: `shown`, `kept` when it is about a person, or `erased`.
    state: str


@dataclass(frozen=True, slots=True)
class EntryShown:
    """One published leaf, as anybody may see it."""

    index: int
    size: int
    leaf: str
    hash: str
    #: The public JSON of a clear leaf; None for a sealed one.
    clear: str | None
    #: Of a clear leaf: what kind it is, when it was made, and what it commits to.
    kind: str = ""
    at: datetime | None = None
    payload: tuple[PayloadShown, ...] = ()

    @property
    def length(self) -> int:
        """How many bytes the leaf has."""
        return len(self.leaf) // 2


@dataclass(frozen=True, slots=True)
class Witness:
    """Somebody who was named to sign our seals, and how far they have seen them."""

    name: str
    #: When last, by their clock; None for never. And how long ago, by ours.
    at: datetime | None
    age: timedelta
    #: The size they signed last.
    size: int


def entry(node: Node, index: int) -> EntryShown:
    """Return one published leaf."""
    with node.read() as tx:
        size = published(tx).size
        row = tx.get(LedgerEntry, index) if 0 <= index < size else None
        if row is None:
            raise NotPublished("The published log has no such entry.")
        return _shown(tx, row, size)


def newest(
    node: Node, *, before: int | None = None, clear: bool = False, most: int = _PAGE
) -> list[EntryShown]:
    """Return published leaves, newest first, below an index; or only the clear ones."""
    with node.read() as tx:
        size = published(tx).size
        end = size if before is None else min(before, size)
        found = select(LedgerEntry).where(LedgerEntry.idx < end)
        if clear:
            found = found.where(_CLEAR)
        rows = tx.scalars(found.order_by(LedgerEntry.idx.desc()).limit(most)).all()
        return [_shown(tx, row, size) for row in rows]


def _shown(tx: Session, row: LedgerEntry, size: int) -> EntryShown:
    index, leaf = row.idx, row.leaf
    found = entries.read_leaf(leaf)
    digest = tree.leaf_hash(leaf).hex()
    if isinstance(found, entries.Sealed):
        return EntryShown(index, size, leaf.hex(), digest, None)
    return EntryShown(
        index,
        size,
        leaf.hex(),
        digest,
        leaf[1:].decode(),
        found.kind,
        datetime.fromtimestamp(found.at / 1000, UTC),
        tuple(_payload(tx, name, one) for name, one in sorted(found.payload.items())),
    )


def _payload(tx: Session, name: str, commitment: bytes) -> PayloadShown:
    row = tx.get(LedgerPayload, commitment)
    state = "erased" if row is None else "shown" if row.public else "kept"
    return PayloadShown(name, b64u(commitment), state)


def witnesses(node: Node) -> list[Witness]:
    """Return who was named to sign our seals, and how far each of them came."""
    with node.read() as tx:
        rows = tx.scalars(select(LedgerWitness).order_by(LedgerWitness.vkey)).all()
        return [_witness(node, tx, row) for row in rows]


def _witness(node: Node, tx: Session, row: LedgerWitness) -> Witness:
    name = VKey.parse(row.vkey).name
    line = tx.get(LedgerCosignature, (row.size, row.vkey))
    if line is None:
        return Witness(name, None, timedelta(), 0)
    return Witness(name, line.at, max(node.now() - line.at, timedelta()), row.size)
