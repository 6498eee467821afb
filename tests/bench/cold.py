"""Cold start and idle memory, against the same imports with nothing behind them."""

import subprocess
import sys
from pathlib import Path
from statistics import median
from time import monotonic, sleep

from tests.bench import proc, submit
from tests.bench.rows import Row, ratio

_PORT, _YARD = 8320, 8321
_SETTLE = 3


def measure(folder: Path, *, rounds: int) -> list[Row]:
    """Return how long the first answer takes, and what an idle node weighs."""
    began = [_node_start(folder) for _ in range(rounds)]
    bare = [_imports() for _ in range(rounds)]
    with submit.node(folder, _PORT) as (pid, _):
        sleep(_SETTLE)
        before = proc.cpu(pid)
        sleep(_SETTLE)
        idle, weight = (proc.cpu(pid) - before) / _SETTLE, proc.pss(pid)
    yard = ["-m", "tests.bench.yard", "imports", str(_YARD), str(folder)]
    with proc.running(yard, {}, _YARD, "/") as (pid, _):
        sleep(_SETTLE)
        hello = proc.pss(pid)
    return [
        Row(
            name="cold start to the first answer",
            unit="s",
            value=round(median(began), 3),
            against="the same imports in a bare interpreter",
            ratio=round(ratio(began, bare), 2),
            gate=1.6,
        ),
        Row(
            name="idle memory of the whole node",
            unit="MiB PSS",
            value=round(weight, 1),
            against="a hello process with the same imports",
            ratio=round(weight / hello, 2),
            gate=1.3,
        ),
        Row(
            name="idle processor",
            unit="share of a core",
            value=round(idle, 4),
            against="budget of the reliability document",
            ratio=round(idle / 0.005, 2),
            note="budget 0.005",
        ),
    ]


def _node_start(folder: Path) -> float:
    with submit.node(folder, _PORT) as (_, took):
        return took


def _imports() -> float:
    began = monotonic()
    subprocess.run([sys.executable, "-c", "import web.commands.serving"], check=True)
    return monotonic() - began
