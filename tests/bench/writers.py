"""Group commit: what sixteen writers gain by waiting for one flush (T2)."""

from pathlib import Path
from statistics import median
from threading import Thread
from time import perf_counter

from node.core import Node
from node.models.throttle import Bucket
from node.upsert import insert_once
from tests.bench import probe
from tests.bench.place import found
from tests.bench.rows import Row, ratio

_WRITERS = 16
_SLOW_DISK_MS = 1.0


def measure(folder: Path, *, rounds: int) -> Row:
    """Alternate sixteen writers and one, each with its own durable row."""
    flush = probe.fdatasync(folder)["p50"]
    place = found(folder / "writers", "http://localhost:8330", [])
    with place.opened() as node:
        pairs = [
            (_written(node, _WRITERS, 50), _written(node, 1, 400))
            for _ in range(rounds)
        ]
    many, one = zip(*pairs, strict=True)
    return Row(
        name=f"durable commits, {_WRITERS} writers (T2)",
        unit="commits/s",
        value=round(median(many)),
        against=f"one writer, where a flush takes {flush} ms",
        ratio=round(ratio(list(many), list(one)), 2),
        gate=5.0 if flush >= _SLOW_DISK_MS else 2.0,
        at_least=True,
    )


def _written(node: Node, threads: int, each: int) -> float:
    """Return how many rows a second these threads commit, each in its own flush."""

    def work() -> None:
        for _ in range(each):
            row = {"bucket": node.dice(16), "tokens": 1.0, "updated_at": 0}
            with node.begin() as tx:
                insert_once(tx, Bucket, [row], "bucket")

    running = [Thread(target=work) for _ in range(threads)]
    began = perf_counter()
    for one in running:
        one.start()
    for one in running:
        one.join()
    return threads * each / (perf_counter() - began)
