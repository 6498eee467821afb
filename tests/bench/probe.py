"""How the disk and the processor are doing, before and after each suite."""

import os
import tempfile
from pathlib import Path
from time import perf_counter, process_time

from tests.bench.rows import percentile

_WRITES, _LOOPS = 200, 300_000


def fdatasync(folder: Path) -> dict[str, float]:
    """Return how long it takes to make 4 kB durable, in milliseconds."""
    took = []
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        for number in range(_WRITES):
            began = perf_counter()
            os.pwrite(file.fileno(), b"x" * 4096, number * 4096)
            os.fdatasync(file.fileno())
            took.append((perf_counter() - began) * 1e3)
    return {
        name: round(percentile(took, share), 4)
        for name, share in (("p50", 0.5), ("p90", 0.9), ("p99", 0.99))
    }


def loop() -> float:
    """Return the processor time of a fixed loop, in milliseconds."""
    began = process_time()
    total = 0
    for number in range(_LOOPS):
        total += number * number % 7
    return round((process_time() - began) * 1e3, 2)
