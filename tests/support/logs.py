"""A log seen from outside, and a second way to compute what it promises."""

from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ledger import checkpoint, tiles, tree
from ledger.checkpoint import Checkpoint
from ledger.entry import Role
from node import log
from node.core import Node
from node.log import NotPublished, names, reading
from node.models.cases import Case
from node.models.log import (
    LedgerEdge,
    LedgerEntry,
    LedgerHead,
    LedgerOutbox,
    LedgerPayload,
    LedgerSeal,
)
from tests.support.village import Village


def root_of(leaves: list[bytes]) -> bytes:
    """Return the root over some leaves, as RFC 6962 defines it."""
    if not leaves:
        return sha256().digest()
    if len(leaves) == 1:
        return sha256(b"\0" + leaves[0]).digest()
    split = 1 << (len(leaves) - 1).bit_length() - 1
    left, right = root_of(leaves[:split]), root_of(leaves[split:])
    return sha256(b"\1" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Inside:
    """What the tables of a log say."""

    leaves: list[bytes]
    oids: list[int | None]
    edge: tree.Edge
    size: int
    root: bytes
    note: bytes


def inside(node: Node) -> Inside:
    """Read the tables of a log."""
    with node.read() as tx:
        entries = tx.scalars(select(LedgerEntry).order_by(LedgerEntry.idx)).all()
        levels = tx.scalars(select(LedgerEdge.data).order_by(LedgerEdge.level)).all()
        head = tx.scalars(select(LedgerHead)).one()
    assert [entry.idx for entry in entries] == list(range(len(entries)))
    return Inside(
        [entry.leaf for entry in entries],
        [entry.oid for entry in entries],
        tree.Edge(tuple(levels)),
        head.size,
        head.root,
        head.note,
    )


def published(node: Node) -> Checkpoint:
    """Return the newest published checkpoint, its signature checked."""
    return checkpoint.open(log.checkpoint(node), [names.log_signer(node).vkey])


def served(node: Node, level: int, n: int, size: int) -> bytes:
    """Return a tile as it is served to somebody who knows a published size."""
    return log.tile(node, tiles.path(level, n, tiles.width(level, n, size)))


def leaves_served(node: Node, size: int) -> list[bytes]:
    """Return all leaves of a published size, from its entry bundles."""
    numbers = range(-(-size // tiles.FULL))
    bundles = [served(node, tiles.ENTRIES, n, size) for n in numbers]
    return [leaf for bundle in bundles for leaf in tiles.unbundle(bundle)]


def is_served(node: Node, path: str) -> bool:
    """Say whether anybody can read something of the log."""
    try:
        log.tile(node, path)
    except NotPublished:
        return False
    return True


def receipts(node: Node) -> dict[tuple[str, int], bytes | None]:
    """Return the receipt of every entry of every case."""
    with node.read() as tx:
        return {
            (reference, seq): log.receipt(node, tx, case_id, seq)
            for reference, case_id, seq in tx.execute(
                select(Case.reference, LedgerSeal.case_id, LedgerSeal.seq)
                .join(Case, Case.id == LedgerSeal.case_id)
                .order_by(LedgerSeal.oid)
            ).all()
        }


def seal(node: Node, tx: Session, case_id: object, words: str = "Noted.") -> log.Ticket:
    """Seal one more thing in a case's chain."""
    chain = log.chain(node, tx, case_id)
    chain.say(log.Saying(kind="reply", role=Role.ADVOCATE, fields={"text": words}))
    return chain.write()


def grow(village: Village, node: Node, number: int) -> int | None:
    """Publish a log that has become this much longer."""
    first = inside(node).size
    leaves = (
        b"\1" + sha256(b"%d" % n).digest() * 2 for n in range(first, first + number)
    )
    with node.begin(sealed=True) as tx:
        tx.add_all(LedgerOutbox(leaf=leaf[:49]) for leaf in leaves)
    village.pass_time(minutes=2)
    return log.publish(node, at=node.now())


DATA = b'["poll.opened",1]'


def announce(node: Node, *, public: bool = True) -> bytes:
    """Queue a clear entry; return what it commits to something kept elsewhere by."""
    notice = log.Notice(
        kind="gov.poll.opened", payload={"event": log.Payload(DATA, public)}
    )
    with node.begin(sealed=True) as tx:
        ticket = log.clear(node, tx, notice)
        found = select(LedgerPayload.commitment).where(LedgerPayload.oid == ticket.oid)
        return tx.execute(found).scalar_one()


def queue(node: Node, *leaves: bytes) -> None:
    """Let some leaves wait for their index."""
    with node.begin(sealed=True) as tx:
        tx.add_all(LedgerOutbox(leaf=b"\1" + leaf.ljust(48)) for leaf in leaves)


def words(found: Inside) -> list[bytes]:
    """Return what was queued in each leaf."""
    return [leaf[1:].strip() for leaf in found.leaves]


def queued(node: Node) -> int:
    """Return how many leaves wait for their index."""
    with node.read() as tx:
        return tx.scalar(select(func.count()).select_from(LedgerOutbox)) or 0


def require_whole(node: Node) -> None:
    """See that root, edge, tiles, leaves and signature say the same."""
    found = inside(node)
    with node.read() as tx:
        read = reading.tile_reader(tx)
        rows = [read(0, n) for n in range(-(-found.size // 256))]
    hashes = b"".join(rows)
    assert found.size == found.edge.size == len(found.leaves)
    assert found.root == tree.root(found.edge) == root_of(found.leaves)
    assert hashes == b"".join(map(tree.leaf_hash, found.leaves))
    signed = checkpoint.open(found.note, [names.log_signer(node).vkey])
    assert (signed.size, signed.root) == (found.size, found.root)
    known = [oid for oid in found.oids if oid is not None]
    assert len(set(known)) == len(known)
