"""What anybody may see of the log: what is published, and only bytes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from governance.errors import NotFound
from ledger import entry as entries
from ledger import policy as policies
from ledger import receipt as receipts
from ledger import tiles, tree
from ledger.encoding import b64
from ledger.errors import Invalid
from node.core import Node
from node.log import names
from node.models.log import (
    LedgerCheckpoint,
    LedgerEdge,
    LedgerEntry,
    LedgerSeal,
    LedgerTile,
)

_PAGE = 100
_TILE = select(LedgerTile.data).where(
    LedgerTile.level == bindparam("level"), LedgerTile.n == bindparam("n")
)
_EDGE = select(LedgerEdge.data).where(LedgerEdge.level == bindparam("level"))


class NotPublished(NotFound):
    """The log has no such thing yet, or never will; ask again later."""

    code = "not-published"


@dataclass(frozen=True, slots=True)
class LogStatus:
    """The published head, in the forms people compare."""

    origin: str
    size: int
    root: str
    published_at: datetime | None
    witnesses: int
    vkey: str
    statements_vkey: str


@dataclass(frozen=True, slots=True)
class EntryShown:
    """One published leaf, as anybody may see it."""

    index: int
    size: int
    leaf: str
    hash: str
    #: The public JSON of a clear leaf; None for a sealed one.
    clear: str | None


def checkpoint(node: Node) -> bytes:
    """Return the newest published checkpoint."""
    with node.read() as tx:
        return _published(tx).note


def _published(tx: Session) -> LedgerCheckpoint:
    found = tx.scalars(
        select(LedgerCheckpoint).order_by(LedgerCheckpoint.size.desc()).limit(1)
    ).one_or_none()
    if found is None:
        raise NotPublished("Nothing has been published yet.")
    return found


def checkpoints(node: Node, *, before: int | None = None) -> list[bytes]:
    """Return up to 100 published checkpoints, newest first."""
    with node.read() as tx:
        sizes = LedgerCheckpoint.size
        query = select(LedgerCheckpoint.note).order_by(sizes.desc()).limit(_PAGE)
        return list(
            tx.scalars(query if before is None else query.where(sizes < before))
        )


def status(node: Node) -> LogStatus:
    """Return the published head and the keys that speak for this node."""
    with node.read() as tx:
        last = tx.scalars(
            select(LedgerCheckpoint).order_by(LedgerCheckpoint.size.desc()).limit(1)
        ).one_or_none()
    return LogStatus(
        names.origin(node),
        last.size if last else 0,
        b64(last.root if last else tree.EMPTY),
        last.at if last else None,
        0,
        str(names.log_signer(node).vkey),
        str(names.statements_signer(node).vkey),
    )


def tile(node: Node, path: str) -> bytes:
    """Return a tile or entry bundle of the published tree."""
    try:
        asked = tiles.parse_path(path)
    except Invalid as error:
        raise NotPublished("This is not the path of a tile.") from error
    with node.read() as tx:
        size = _published(tx).size
        whole = tiles.width(asked.level, asked.n, size)
        if asked.width > whole or (asked.width < whole == tiles.FULL):
            raise NotPublished("The published tree has no such tile.")
        if asked.level == tiles.ENTRIES:
            start = asked.n * tiles.FULL
            return tiles.bundle(_leaves(tx, start, start + asked.width))
        return tile_reader(tx)(asked.level, asked.n)[: asked.width * tree.HASH]


def _leaves(tx: Session, start: int, end: int) -> list[bytes]:
    query = (
        select(LedgerEntry.leaf)
        .where(LedgerEntry.idx >= start, LedgerEntry.idx < end)
        .order_by(LedgerEntry.idx)
    )
    return list(tx.scalars(query))


def tile_reader(tx: Session) -> tiles.Read:
    """Return what hands over a tile as wide as the database has it."""
    connection, seen = tx.connection(), dict[tuple[int, int], bytes]()

    def read(level: int, n: int) -> bytes:
        if (level, n) not in seen:
            full = connection.execute(_TILE, {"level": level, "n": n}).scalar()
            edge = full or connection.execute(_EDGE, {"level": level}).scalar()
            seen[level, n] = edge or b""
        return seen[level, n]

    return read


def entry(node: Node, index: int) -> EntryShown:
    """Return one published leaf."""
    with node.read() as tx:
        size = _published(tx).size
        leaf = None
        if 0 <= index < size:
            leaf = tx.scalar(select(LedgerEntry.leaf).where(LedgerEntry.idx == index))
    if leaf is None:
        raise NotPublished("The published log has no such entry.")
    clear = (
        leaf[1:].decode()
        if isinstance(entries.read_leaf(leaf), entries.Clear)
        else None
    )
    return EntryShown(index, size, leaf.hex(), tree.leaf_hash(leaf).hex(), clear)


def keys(node: Node) -> Mapping[str, object]:
    """Return the keys that speak for this node, for others to pin."""
    return {
        "log": [str(names.log_signer(node).vkey)],
        "statements": str(names.statements_signer(node).vkey),
        "witness": str(names.witness_vkey(node)),
        "rotations": [],
    }


def policy(node: Node) -> str:
    """Return the policy this node suggests: its own key, and no witness yet."""
    vkey = names.log_signer(node).vkey
    return f"log {vkey} {node.settings.origin}/ledger\nquorum none\n"


def check(node: Node, raw: bytes) -> receipts.Verdict:
    """Check a receipt against this node's own keys, as anybody can without it."""
    pins = receipts.Pins(statements=(names.statements_signer(node).vkey,))
    return receipts.verify(raw, policies.parse(policy(node).encode()), pins, None)


def seals(tx: Session, case_id: object) -> dict[int, str]:
    """Return what is printed beside each entry of a chain that is in the log."""
    rows: Iterable[tuple[int, int, bytes, bytes]] = tx.execute(
        select(LedgerSeal.seq, LedgerEntry.idx, LedgerSeal.nonce, LedgerSeal.entry)
        .join(LedgerEntry, LedgerEntry.oid == LedgerSeal.oid)
        .where(LedgerSeal.case_id == case_id)
        .order_by(LedgerSeal.seq)
    )
    return {
        seq: receipts.seal(index, entries.commit(nonce, raw))
        for seq, index, nonce, raw in rows
    }
