"""A process that writes the ledger from several threads, and what its log is then."""

from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

from sqlalchemy import select

from ledger import checkpoint, proof, tree
from node import assembly, log, start, work
from node.core import Collision, Node
from node.log import names
from node.models.log import LedgerEntry, LedgerHead
from node.settings import Settings
from tests.faults.record import Pen, Record
from tests.support.sealing import acknowledge

_THREADS = 4
ANSWERS = {
    "community": {"name": "Ash Moot"},
    "steward": {"name": "Dov", "mail": "dov@ash.example"},
}


def settings_of(folder: Path, database: str = "") -> Settings:
    """Return what a node in a folder is told."""
    return Settings.read(
        {
            "FOLKMOOT_DATA": str(folder / "node"),
            "FOLKMOOT_PUBLIC_URL": "https://ash.example",
            "FOLKMOOT_DATABASE_URL": database,
            "FOLKMOOT_LEDGER_INTERVAL": "1",
        }
    )


@contextmanager
def opened(settings: Settings) -> Iterator[Node]:
    """Open a node as `serve` does: nothing is signed that should not be."""
    node = assembly.assemble(settings)
    try:
        assert log.start_check(node) == ""
        yield node
    finally:
        node.database.close()


def begin(folder: Path, database: str) -> "Writers":
    """Found a node whose log is to be written."""
    settings = settings_of(folder, database)
    start.init(settings, ANSWERS).database.close()
    return Writers(settings, Record(folder / "record"))


@dataclass(slots=True)
class Writers:
    """A log, and the receipts that its writers gave before they were killed."""

    settings: Settings
    record: Record
    #: By index: which queued entry was said to stand there.
    given: dict[int, int] = field(default_factory=dict)
    #: By size: the root that was signed, and the one that the entries give.
    signed: dict[int, bytes] = field(default_factory=dict)
    roots: dict[int, bytes] = field(default_factory=dict)
    receipts: int = 0
    lost: int = 0
    reused: int = 0
    findings: int = 0

    def work(self) -> None:
        """Write from several threads, sequence and publish beside them."""
        with opened(self.settings) as node:
            pen = Pen(self.record.folder)
            for _ in range(_THREADS):
                Thread(target=_write, args=(node, pen), daemon=True).start()
            while True:
                try:
                    work.sweep(node)
                except Collision:
                    continue

    def check(self) -> None:
        """Count what was lost of what was given; the log is what its entries say."""
        with opened(self.settings) as node:
            said = self.record.fresh()
            kept = self._kept(node)
            for oid, index, raw in said:
                self.receipts += 1
                self._hold(node, int(oid), int(index), b64decode(raw))
            self.lost = sum(kept.get(at) != oid for at, oid in self.given.items())
            self.findings += len([*log.fsck(node)])

    def _hold(self, node: Node, oid: int, index: int, raw: bytes) -> None:
        verdict = log.check(node, raw)
        assert verdict.valid, verdict.findings
        assert verdict.index == index
        self.reused += self.given.setdefault(index, oid) != oid
        vkeys = [names.log_signer(node).vkey]
        head = checkpoint.open(proof.read(raw).checkpoint, vkeys)
        assert self.signed.setdefault(head.size, head.root) == head.root
        assert self.roots[head.size] == head.root

    def _kept(self, node: Node) -> dict[int, int | None]:
        """Return what stands where; the log never gets shorter, nor another one."""
        with node.read() as tx:
            columns = LedgerEntry.idx, LedgerEntry.oid, LedgerEntry.leaf
            rows = tx.execute(select(*columns).order_by(LedgerEntry.idx)).all()
            size = tx.scalar(select(LedgerHead.size))
        assert [row.idx for row in rows] == list(range(size))
        assert len(self.roots) <= size
        edge, roots = tree.Edge(), dict[int, bytes]()
        for row in rows:
            edge, _ = tree.append(edge, [tree.leaf_hash(row.leaf)])
            roots[row.idx + 1] = tree.root(edge)
        assert self.roots.items() <= roots.items(), "what was there has changed"
        self.roots = roots
        oids = [row.oid for row in rows if row.oid is not None]
        self.reused += len(oids) - len(set(oids))
        return {row.idx: row.oid for row in rows}

    def report(self) -> dict[str, int]:
        """Return how many receipts were given, and what was found wrong."""
        return {
            "receipts": self.receipts,
            "receipts_lost": self.lost,
            "indexes_reused": self.reused,
            "fsck_findings": self.findings,
            "entries": len(self.roots),
        }


def _write(node: Node, pen: Pen) -> None:
    while True:
        given = acknowledge(node)
        pen.say(given.oid, given.index, b64encode(given.receipt).decode())
