"""Giving every queued leaf its index: one batch, one transaction, one flush.

Whoever waits for an index may be the one who sequences: one at a time leads, and the
head is moved by compare-and-set, so two who try change only speed.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from governance.errors import ReadOnly
from ledger import checkpoint, note, tree
from ledger.receipt import seal
from node.core import Collision, Node
from node.log import guard, names, signing
from node.log.shapes import Ticket
from node.models.log import (
    LedgerEdge,
    LedgerEntry,
    LedgerHead,
    LedgerOutbox,
    LedgerTile,
)
from node.models.past import LedgerPastEntry
from node.upsert import insert_plain, insert_rows, replace_rows, table

MOST = 4096

# The busiest statements of a node, built once.
_HEADS, _OUTBOX = table(LedgerHead), table(LedgerOutbox)
_HEAD = select(
    *[_HEADS.c[name] for name in ("size", "root", "note", "signers", "epoch", "halted")]
)
_LEAD = select(func.pg_advisory_xact_lock(bindparam("lock")))
_NEXT = select(_OUTBOX.c.oid).order_by(_OUTBOX.c.oid).limit(MOST)
#: What is taken out is just what is appended: nothing that was queued meanwhile.
_TAKEN = (
    delete(_OUTBOX)
    .where(_OUTBOX.c.oid.in_(_NEXT.scalar_subquery()))
    .returning(_OUTBOX.c.oid, _OUTBOX.c.leaf)
)
_MOVED = (
    update(_HEADS)
    .where(_HEADS.c.id == 1, _HEADS.c.size == bindparam("old"))
    .values(size=bindparam("new"), root=bindparam("to"), note=bindparam("signed"))
)
_REMEMBERED = 65_536
_PATIENCE = timedelta(seconds=10)


class LedgerReadOnly(ReadOnly):
    """The ledger may not go on before somebody has looked; reading goes on."""

    code = "ledger-read-only"


@dataclass(frozen=True, slots=True)
class Sealed:
    """Where an entry stands in the log, for good."""

    index: int
    #: What is printed beside the words: number and the first bytes of the commitment.
    seal: str


@dataclass(slots=True)
class Tail:
    """What one process remembers of the log's end; losing it costs one read."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    edge: tree.Edge = field(default_factory=tree.Edge)
    #: Of which log that is the edge.
    epoch: int = 0
    indexes: dict[int, int] = field(default_factory=dict)
    #: Why nothing may be signed, or published; empty when it may.
    read_only: str = ""
    unpublished: str = ""


def tail(node: Node) -> Tail:
    """Return what this process remembers of the log."""
    found = node.memory.setdefault("log", Tail())
    if not isinstance(found, Tail):
        raise TypeError("somebody else keeps something under this name")
    return found


def read_only(node: Node) -> str:
    """Return why nothing may be signed, or an empty text."""
    return tail(node).read_only


def unwell(node: Node) -> str:
    """Return why the log does not go on as it should, or an empty text."""
    with node.read() as tx:
        halted = tx.scalar(select(_HEADS.c.halted)) or ""
    return halted or read_only(node) or tail(node).unpublished


def require_writable(node: Node) -> None:
    """Refuse what has to be sealed while the log must not grow."""
    if read_only(node):
        raise LedgerReadOnly(
            "The ledger is being checked; nothing can be changed just now."
        )


def sequence(node: Node) -> int:
    """Give indexes to what is queued; return to how many. Safe to call at any time."""
    memory = tail(node)
    with memory.lock:
        return 0 if memory.read_only else _sequence(node)


def _sequence(node: Node) -> int:
    with node.begin(flushed=True) as tx:
        head = lock_head(node, tx)
        if head.halted:  # another process heard it from a witness
            tail(node).read_only = head.halted
            return 0
        queued = take_queued(tx)
        if not queued:
            return 0
        grown = append(node, tx, head, queued)
    remember(node, grown)
    return len(queued)


@dataclass(frozen=True, slots=True)
class Grown:
    """A batch that was appended."""

    edge: tree.Edge
    root: bytes
    note: bytes
    first: int
    oids: tuple[int | None, ...]
    epoch: int


@dataclass(frozen=True, slots=True)
class Head:
    """How far the log has come."""

    size: int
    root: bytes
    note: bytes
    #: Which keys sign; see `signing`.
    signers: str | None
    epoch: int
    #: Why nothing may be signed any more; empty when it may.
    halted: str


def lock_head(node: Node, tx: Session) -> Head:
    """Lead the log until the transaction ends, and return its head.

    With SQLite, whoever writes is alone. A server has one lock for each log, which
    falls with the transaction: nobody waits for a leader that is dead. Should two lead
    all the same, the head that they move keeps them apart.
    """
    connection = tx.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(_LEAD, {"lock": names.lock(node)})
    head = Head(*connection.execute(_HEAD).one())
    names.learn(node, head.epoch)
    return head


def take_queued(tx: Session) -> list[tuple[int | None, bytes]]:
    """Take out of the queue what is next, in its order, for `append`."""
    taken = tx.connection().execute(_TAKEN).all()
    return sorted((oid, leaf) for oid, leaf in taken)


def append(
    node: Node,
    tx: Session,
    head: Head,
    leaves: Sequence[tuple[int | None, bytes]],
) -> Grown:
    """Append leaves to the log: entries, tiles, edge and a signed head."""
    size, memory = head.size, tail(node)
    known = (memory.epoch, memory.edge.size) == (head.epoch, size)
    edge = memory.edge if known else load_edge(tx)
    edge, tiles = tree.append(edge, [tree.leaf_hash(leaf) for _, leaf in leaves])
    insert_plain(
        tx,
        LedgerEntry,
        [
            {"idx": size + n, "oid": oid, "leaf": leaf}
            for n, (oid, leaf) in enumerate(leaves)
        ],
    )
    if tiles:
        rows = [{"level": at, "n": n, "data": data} for at, n, data in tiles]
        insert_rows(tx, LedgerTile, rows)
    _keep_edge(tx, edge)
    root = tree.root(edge)
    text = checkpoint.text(names.origin(node, head.epoch), size + len(leaves), root)
    signed = note.sign(text, *signing.signers(node, head.signers))
    _move_head(tx, size, size + len(leaves), root, signed)
    oids = tuple(oid for oid, _ in leaves)
    return Grown(edge, root, signed, size, oids, head.epoch)


def load_edge(tx: Session) -> tree.Edge:
    """Read the edge that the database has."""
    rows = tx.execute(select(LedgerEdge.data).order_by(LedgerEdge.level)).all()
    return tree.Edge(tuple(row.data for row in rows))


def _keep_edge(tx: Session, edge: tree.Edge) -> None:
    rows = [{"level": level, "data": data} for level, data in enumerate(edge.levels)]
    replace_rows(tx, LedgerEdge, rows, "level", "data")


def _move_head(tx: Session, old: int, new: int, root: bytes, signed: bytes) -> None:
    moved = tx.connection().execute(
        _MOVED, {"old": old, "new": new, "to": root, "signed": signed}
    )
    if moved.rowcount != 1:
        raise Collision("somebody else moved the head")


def remember(node: Node, grown: Grown) -> None:
    """Keep the new end in memory and in the guard, after the batch is on disk."""
    memory = tail(node)
    memory.edge, memory.epoch = grown.edge, grown.epoch
    if len(memory.indexes) > _REMEMBERED:
        memory.indexes.clear()
    memory.indexes.update(
        (oid, grown.first + n) for n, oid in enumerate(grown.oids) if oid is not None
    )
    guard.write(node, epoch=grown.epoch, size=grown.edge.size, root=grown.root)


def wait(
    node: Node, ticket: Ticket, *, timeout: timedelta = _PATIENCE
) -> Sealed | None:
    """Return where the entry stands once that is on disk; None if it takes longer."""
    memory = tail(node)
    deadline = node.monotonic() + timeout.total_seconds()
    while not memory.read_only and node.monotonic() < deadline:
        index = memory.indexes.get(ticket.oid)
        if index is None:
            index = _turn(node, memory, ticket.oid)
        if index is not None:
            return Sealed(index, seal(index, ticket.c))
    return None


def _turn(node: Node, memory: Tail, oid: int) -> int | None:
    # Whoever gets the lock sequences for all who wait behind it, so most of them find
    # their index in memory. Another process may have been quicker than all of us.
    with memory.lock:
        if oid in memory.indexes:
            return memory.indexes[oid]
        try:
            _sequence(node)
        except Collision:
            return None
        if oid in memory.indexes:
            return memory.indexes[oid]
    return index_of(node, oid)


def index_of(node: Node, oid: int) -> int | None:
    """Return the index an entry has in the database, if it has one."""
    found = select(LedgerEntry.idx).where(LedgerEntry.oid == oid)
    then = select(LedgerPastEntry.idx).where(LedgerPastEntry.oid == oid)
    with node.read() as tx:
        return tx.scalar(found.union_all(then))
