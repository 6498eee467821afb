"""`make bench`: run the suites, print a table, keep the figures."""

import argparse
import json
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench import (
    checking,
    cold,
    crowd,
    curve,
    fanout,
    inbox,
    large,
    ledger,
    probe,
    server,
    submit,
)
from tests.bench.rows import Row

_QUICK = {"submit", "ledger", "cold", "inbox"}
_ALL = _QUICK | {"crowd", "fanout", "large", "postgres"}


def main() -> int:
    """Measure what was asked for; return 1 if a gate is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--out", type=Path, default=Path("build/bench"))
    parser.add_argument("--only", default=os.environ.get("ONLY", ""))
    parser.add_argument("--quick", action="store_true", default="QUICK" in os.environ)
    asked = parser.parse_args()
    usual = _QUICK if asked.quick else _ALL
    wanted = set(asked.only.split(",")) - {""} or usual
    rounds, count = (3, 200) if asked.quick else (5, 600)
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as place:
        folder = Path(place)
        before, loop = probe.fdatasync(folder), probe.loop()
        rows: list[Row] = []
        if "cold" in wanted:
            rows += cold.measure(folder, rounds=rounds)
        if "ledger" in wanted:
            rows += ledger.measure(folder, rounds=rounds)
            rows += checking.measure(folder, rounds=rounds)
        if "postgres" in wanted:
            rows += server.measure(folder, rounds=rounds)
        if "large" in wanted:
            found, points = large.measure(folder, rounds=rounds)
            curve.keep(points, asked.out)
            rows += found
        if "submit" in wanted:
            rows += submit.measure(folder, rounds=rounds, count=count)
        if "inbox" in wanted:
            rows += inbox.measure(
                folder, rounds=rounds, count=count * 2 // 3, quick=asked.quick
            )
        if "crowd" in wanted:
            rows += crowd.measure(folder, large=30_000 if asked.quick else 100_000)
        if "fanout" in wanted:
            live = 200 if asked.quick else 950
            rows += fanout.measure(folder, rounds=3, live=live)
        after = probe.fdatasync(folder)
    _print(rows, before, after)
    _keep(asked.out, rows, {"before": before, "after": after, "loop_ms": loop})
    return 0 if all(row.ok for row in rows) else 1


def _print(rows: list[Row], before: dict[str, float], after: dict[str, float]) -> None:
    table = Table(
        title=f"fdatasync p50 {before['p50']} ms before, {after['p50']} after"
    )
    for name in ("what", "value", "ratio", "gate", ""):
        table.add_column(name)
    for row in rows:
        sign = "" if row.gate is None else (">= " if row.at_least else "<= ")
        gate = "" if row.gate is None else f"{sign}{row.gate}"
        mark = "ok" if row.ok else "MISSED"
        table.add_row(row.name, f"{row.value} {row.unit}", str(row.ratio), gate, mark)
    Console(width=120).print(table)


def _keep(out: Path, rows: list[Row], probes: dict[str, object]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC)
    commit = subprocess.run(
        ["git", "rev-parse", "HEAD"],  # noqa: S607 - whichever git there is
        capture_output=True,
        text=True,
        check=False,
    )
    report = {
        "commit": commit.stdout.strip(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}",
        "python": platform.python_version(),
        "databases": {"sqlite": sqlite3.sqlite_version},
        "fdatasync_before": probes["before"],
        "fdatasync_after": probes["after"],
        "loop_ms": probes["loop_ms"],
        "rows": [row.as_json() for row in rows],
    }
    path = out / f"{now:%Y-%m-%dT%H%M%S}.json"
    path.write_text(json.dumps(report, indent=2) + "\n")
    sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    sys.exit(main())
