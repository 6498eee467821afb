"""The ledger against bare SQLite: R1 is one row a transaction, R1000 a thousand."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from time import perf_counter

from node import log
from node.core import Node
from node.models.log import LedgerOutbox
from node.upsert import table
from tests.bench.rows import Row, alternate, at_least, percentile, ratio
from tests.support.engines import village_on
from tests.support.sealing import acknowledge

_ROW = b"x" * 400
BATCH = 4096


def raw(folder: Path, transactions: int, rows: int) -> list[float]:
    """Commit bare rows durably; return each transaction's seconds."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        base = sqlite3.connect(f"{place}/raw.sqlite3", isolation_level=None)
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("PRAGMA synchronous = FULL")
        base.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, data BLOB)")
        took = []
        for _ in range(transactions):
            began = perf_counter()
            base.execute("BEGIN IMMEDIATE")
            base.executemany("INSERT INTO t (data) VALUES (?)", [(_ROW,)] * rows)
            base.execute("COMMIT")
            took.append(perf_counter() - began)
        base.close()
    return took


def r1(folder: Path) -> float:
    """Return R1: bare transactions of one row, a second."""
    took = raw(folder, 300, 1)
    return len(took) / sum(took)


def r1000(folder: Path) -> float:
    """Return R1000: bare rows a second, a thousand in a transaction."""
    took = raw(folder, 10, 1000)
    return len(took) * 1000 / sum(took)


@contextmanager
def opened(folder: Path, server: str = "") -> Iterator[Node]:
    """Found a node of its own, on SQLite or on a server."""
    seed = int.from_bytes(os.urandom(4))
    with (
        tempfile.TemporaryDirectory(dir=folder) as place,
        village_on(server, Path(place), seed=seed) as village,
    ):
        yield village.found(f"https://n{os.urandom(4).hex()}.example")


def fill(node: Node, batches: int) -> None:
    """Let so many batches wait for their indexes."""
    with node.begin() as tx:
        for _ in range(batches):
            leaves = [{"leaf": b"\1" + os.urandom(48)} for _ in range(BATCH)]
            tx.connection().execute(table(LedgerOutbox).insert(), leaves)


def drained(folder: Path, batches: int, server: str = "") -> float:
    """Return how many queued entries a second become signed, durable log."""
    with opened(folder, server) as node:
        fill(node, batches)
        began = perf_counter()
        while log.sequence(node):
            pass
        return batches * BATCH / (perf_counter() - began)


def acknowledged(
    folder: Path, threads: int, count: int, server: str = ""
) -> tuple[float, list[float]]:
    """Return acknowledged entries a second, and each one's seconds to its receipt."""
    with opened(folder, server) as node:
        return _acknowledged(node, threads, count)


def _acknowledged(node: Node, threads: int, count: int) -> tuple[float, list[float]]:
    took: list[float] = []

    def work() -> None:
        for _ in range(count // threads):
            began = perf_counter()
            acknowledge(node)
            took.append(perf_counter() - began)

    running = [Thread(target=work) for _ in range(threads)]
    began = perf_counter()
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return len(took) / (perf_counter() - began), took


def measure(folder: Path, *, rounds: int) -> list[Row]:
    """Alternate subject and yardstick; return the ledger's rows."""
    return [_drain_row(folder, rounds), *_latency_rows(folder, rounds)]


def _drain_row(folder: Path, rounds: int) -> Row:
    return at_least(
        alternate(rounds, lambda: drained(folder, 4), lambda: r1000(folder)),
        name="outbox drained in batches of 4,096, signed and durable (R1000)",
        unit="entries/s",
        against="raw SQLite WAL FULL, 1,000 rows of 400 B a transaction",
        gate=0.40,
    )


def _latency_rows(folder: Path, rounds: int) -> list[Row]:
    rates, r1_rates, p50s, p99s, r1_p50s = [], [], [], [], []
    for _ in range(rounds):
        _, single = acknowledged(folder, 1, 200)
        rate, eight = acknowledged(folder, 8, 400)
        bare = raw(folder, 300, 1)
        rates.append(rate)
        r1_rates.append(len(bare) / sum(bare))
        p50s.append(percentile(single, 0.5))
        p99s.append(percentile(eight, 0.99))
        r1_p50s.append(percentile(bare, 0.5))
    against = "raw SQLite WAL FULL, one row of 400 B a transaction"
    return [
        Row(
            name="acknowledged at the ledger, eight threads (R1)",
            unit="entries/s",
            value=round(rates[-1]),
            against=against,
            ratio=round(ratio(rates, r1_rates), 3),
            gate=0.25,
            at_least=True,
        ),
        Row(
            name="receipt latency, one thread, p50",
            unit="ms",
            value=round(p50s[-1] * 1e3, 3),
            against=f"{against}, p50",
            ratio=round(ratio(p50s, r1_p50s), 1),
            gate=12,
        ),
        Row(
            name="receipt latency, eight threads, p99",
            unit="ms",
            value=round(p99s[-1] * 1e3, 3),
            against=f"{against}, p50",
            ratio=round(ratio(p99s, r1_p50s), 1),
            gate=150,
        ),
    ]
