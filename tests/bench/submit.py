"""A submission from socket to receipt, against the barest durable POST (T8)."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from uuid import uuid4

from node import start
from node.settings import Settings
from tests.bench import load, proc
from tests.bench.rows import Row, percentile, ratio

NODE, YARD = 8310, 8311
_STORY = "My heating has been broken for three weeks and nobody answers. " * 4


def submission() -> tuple[str, bytes, Mapping[str, str]]:
    """Return one submission as a program sends it."""
    body = json.dumps({"text": _STORY, "wanted_outcome": "Heat."}).encode()
    headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid4())}
    return "/api/v1/submissions", body, headers


def bare() -> tuple[str, bytes, Mapping[str, str]]:
    """Return the same bytes for the yardstick."""
    _, body, headers = submission()
    return "/post", body, headers


@contextmanager
def node(folder: Path, port: int) -> Iterator[tuple[int, float]]:
    """Serve a fresh node; yield its process and how long it took to answer."""
    environment = {
        "FOLKMOOT_DATA": str(folder / "node"),
        "FOLKMOOT_PUBLIC_URL": f"http://localhost:{port}",
    }
    answers = {
        "community": {"name": "Bench Moot"},
        "steward": {"name": "Dov", "mail": "dov@bench.example"},
    }
    if not (folder / "node").exists():
        start.init(Settings.read(environment), answers).database.close()
    arguments = ["-m", "folkmoot", "serve", "--port", str(port)]
    with proc.running(arguments, environment, port, "/readyz") as up:
        yield up


def measure(folder: Path, *, rounds: int, count: int) -> list[Row]:
    """Alternate subject and yardstick; return rows for one and for eight clients."""
    yard = ["-m", "tests.bench.yard", "post", str(YARD), str(folder)]
    with (
        node(folder, NODE) as (subject, _),
        proc.running(yard, {}, YARD, "/") as (y, _),
    ):
        proc.pin(subject, proc.SERVER)
        proc.pin(y, proc.SERVER)
        proc.pin(os.getpid(), proc.LOADER)
        load.post(NODE, 50, submission, 201)
        load.post(YARD, 50, bare, 201)
        one = [_round(subject, y, count, threads=1) for _ in range(rounds)]
        eight = [_round(subject, y, count, threads=8) for _ in range(rounds)]
    return [*_rows("one client", one), *_rows("eight clients", eight)]


def _round(
    subject: int, yard: int, count: int, *, threads: int
) -> dict[str, list[float]]:
    found = {}
    for name, pid, port, make in (
        ("subject", subject, NODE, submission),
        ("yard", yard, YARD, bare),
    ):
        before = proc.cpu(pid)
        work = partial(_sent, port, make)
        took = load.post_from(threads, count, work)
        cpu = (proc.cpu(pid) - before) / len(took) * 1e6
        found[name] = [percentile(took, 0.5), percentile(took, 0.99), cpu]
    return found


def _sent(port: int, make: load.Next, count: int) -> list[float]:
    return load.post(port, count, make, 201)


def _rows(who: str, rounds: list[dict[str, list[float]]]) -> list[Row]:
    subject = [each["subject"] for each in rounds]
    yard = [each["yard"] for each in rounds]
    p50, p99, cpu = (median(each[n] for each in subject) for n in range(3))
    rows = []
    for place, name, gate in ((0, "p50", 4.0), (1, "p99", 10.0)):
        rows.append(
            Row(
                name=f"submission with receipt, {who}, {name}",
                unit="ms",
                value=round((p50, p99)[place], 3),
                against=f"Flask POST + 4 kB + fdatasync, {name}",
                ratio=round(
                    ratio([s[place] for s in subject], [y[place] for y in yard]), 2
                ),
                gate=gate if who == "one client" else None,
                p50=round(p50, 3),
                p99=round(p99, 3),
                cpu_us=round(cpu, 1),
            )
        )
    rows.append(
        Row(
            name=f"submission with receipt, {who}, processor",
            unit="us",
            value=round(cpu, 1),
            against="Flask POST + 4 kB + fdatasync, processor",
            ratio=round(ratio([s[2] for s in subject], [y[2] for y in yard]), 2),
            note="budget 1,300 us (reliability document, section 9)",
        )
    )
    return rows
