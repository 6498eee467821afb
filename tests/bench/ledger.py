"""The ledger against bare SQLite: R1 is one row a transaction, R1000 a thousand."""

import os
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from time import perf_counter

from ledger.entry import Role
from node import log
from node.core import Node
from node.ids import new_id
from node.log import Saying
from node.models.log import LedgerOutbox
from node.upsert import table
from tests.bench.rows import Row, percentile, ratio
from tests.support.village import Village

_ROW = b"x" * 400
_BATCH = 4096


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


def _node(folder: Path) -> tuple[Village, Node]:
    village = Village(folder, seed=int.from_bytes(os.urandom(4)))
    return village, village.found(f"https://n{os.urandom(4).hex()}.example")


def drained(folder: Path, batches: int) -> float:
    """Return how many queued entries a second become signed, durable log."""
    village, node = _node(folder)
    with node.begin() as tx:
        for _ in range(batches):
            leaves = [{"leaf": b"\1" + os.urandom(48)} for _ in range(_BATCH)]
            tx.connection().execute(table(LedgerOutbox).insert(), leaves)
    began = perf_counter()
    while log.sequence(node):
        pass
    took = perf_counter() - began
    village.close()
    return batches * _BATCH / took


def acknowledged(folder: Path, threads: int, count: int) -> tuple[float, list[float]]:
    """Return acknowledged entries a second, and each one's seconds to its receipt."""
    village, node = _node(folder)
    took: list[float] = []

    def work() -> None:
        for _ in range(count // threads):
            began = perf_counter()
            _one(node)
            took.append(perf_counter() - began)

    running = [Thread(target=work) for _ in range(threads)]
    began = perf_counter()
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    rate = len(took) / (perf_counter() - began)
    village.close()
    return rate, took


def _one(node: Node) -> None:
    case_id = new_id(node)
    with node.begin(sealed=True) as tx:
        chain = log.open_chain(node, tx, case_id)
        fields = {"text": "x" * 200, "channel": "api"}
        chain.say(Saying(kind="submission", role=Role.GUEST, fields=fields))
        ticket = chain.write()
    log.wait(node, ticket)
    with node.read() as tx:
        if log.receipt(node, tx, case_id, 0) is None:
            raise RuntimeError("no receipt for what was acknowledged")


def measure(folder: Path, *, rounds: int) -> list[Row]:
    """Alternate subject and yardstick; return the ledger's rows."""
    return [_drain_row(folder, rounds), *_latency_rows(folder, rounds)]


def _alternate(
    rounds: int, subject: Callable[[], float], yard: Callable[[], float]
) -> tuple[list[float], list[float]]:
    pairs = [(subject(), yard()) for _ in range(rounds)]
    return [one for one, _ in pairs], [other for _, other in pairs]


def _drain_row(folder: Path, rounds: int) -> Row:
    def r1000() -> float:
        took = raw(folder, 10, 1000)
        return len(took) * 1000 / sum(took)

    def drain() -> float:
        with tempfile.TemporaryDirectory(dir=folder) as place:
            return drained(Path(place), 4)

    subject, yard = _alternate(rounds, drain, r1000)
    return Row(
        name="outbox drained in batches of 4,096, signed and durable (R1000)",
        unit="entries/s",
        value=round(subject[-1]),
        against="raw SQLite WAL FULL, 1,000 rows of 400 B a transaction",
        ratio=round(ratio(subject, yard), 3),
        gate=0.40,
        at_least=True,
    )


def _latency_rows(folder: Path, rounds: int) -> list[Row]:
    rates, r1_rates, p50s, p99s, r1_p50s = [], [], [], [], []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory(dir=folder) as place:
            _, single = acknowledged(Path(place), 1, 200)
        with tempfile.TemporaryDirectory(dir=folder) as place:
            rate, eight = acknowledged(Path(place), 8, 400)
        r1 = raw(folder, 300, 1)
        rates.append(rate)
        r1_rates.append(len(r1) / sum(r1))
        p50s.append(percentile(single, 0.5))
        p99s.append(percentile(eight, 0.99))
        r1_p50s.append(percentile(r1, 0.5))
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
