"""Processes that are killed in the middle of their work, again and again.

`python -m tests.faults.killing` does it to whoever writes the ledger and to whoever
cosigns for others, on SQLite or on a PostgreSQL server, and prints what came of it.
"""

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from time import monotonic, sleep
from typing import Protocol

from tests.faults import cosigners, writers
from tests.faults.record import Record
from tests.support import servers

#: What may never be counted.
WRONG = ("receipts_lost", "indexes_reused", "fsck_findings", "forgotten")

_PATIENCE = 60.0
#: How long a process may go on after its first word.
_LONGEST_LIFE = 0.2
#: So often one log is written to by processes that die.
_LIVES = 20


class Trial(Protocol):
    """Something that a process does until it is killed, and what must then hold."""

    #: What its processes said; each line is one promise, kept by whoever got it.
    record: Record

    def work(self) -> None:
        """Work until killed."""

    def check(self) -> None:
        """Raise AssertionError if anything that was promised does not hold."""

    def report(self) -> dict[str, int]:
        """Return how much was promised, and what was found wrong."""


def main() -> int:
    """Kill as often as was asked for; print one line of JSON."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.killing")
    parser.add_argument("--kills", type=int, default=_LIVES)
    parser.add_argument("--seed", type=int, default=9)
    parser.add_argument("--what", choices=("writer", "witness"), default="writer")
    parser.add_argument("--crowd", type=int, default=1, help="how many at once")
    parser.add_argument("--server", default="", help="PostgreSQL's; else SQLite")
    asked = parser.parse_args()
    began, found = monotonic(), dict[str, int]()
    begin = {"writer": writers.begin, "witness": cosigners.begin}[asked.what]
    for number in range(-(-asked.kills // _LIVES)):
        lives = min(_LIVES, asked.kills - number * _LIVES)
        with _place(asked.server) as (folder, database):
            trial = begin(folder, database)
            survive(trial, lives, asked.seed + number, asked.crowd)
        for name, count in trial.report().items():
            found[name] = found.get(name, 0) + count
        sys.stderr.write(f"{number * _LIVES + lives} of {asked.kills}: {found}\n")
    report: dict[str, object] = {**vars(asked), **found}
    del report["server"]
    report["seconds"] = round(monotonic() - began)
    sys.stdout.write(json.dumps(report) + "\n")
    return 1 if any(found.get(name) for name in WRONG) else 0


@contextmanager
def _place(server: str) -> Iterator[tuple[Path, str]]:
    with ExitStack() as stack:
        temporary = tempfile.TemporaryDirectory(dir=Path.cwd())
        folder = Path(stack.enter_context(temporary))
        base = servers.database(server) if server else nullcontext("")
        yield folder, stack.enter_context(base)


def survive(trial: Trial, kills: int, seed: int, crowd: int = 1) -> None:
    """Let processes work, kill one at a seeded moment, see what holds; so many times.

    The others go on meanwhile: whatever the dead one led, one of them leads now.
    """
    chance = random.Random(seed)  # noqa: S311 - again for the same seed
    running: list[int] = []
    try:
        for _ in range(kills):
            running += [fork(trial.work) for _ in range(crowd - len(running))]
            _hear(trial.record)
            sleep(chance.random() * _LONGEST_LIFE)
            kill(running.pop(chance.randrange(len(running))))
            if running:
                _hear(trial.record)
            trial.check()
    finally:
        for process in running:
            kill(process)
    trial.check()


def _hear(record: Record) -> None:
    said, until = record.size(), monotonic() + _PATIENCE
    while record.size() == said:
        assert monotonic() < until, "nobody came to work"
        sleep(0.002)


def fork(work: Callable[[], None]) -> int:
    """Let a process of its own do something; return its id."""
    process = os.fork()
    if process:
        return process
    try:
        work()
    except BaseException:  # noqa: BLE001 - a fork must not go on as its parent
        traceback.print_exc()
    os._exit(1)


def kill(process: int) -> None:
    """End a process without a word of warning."""
    os.kill(process, signal.SIGKILL)
    _, status = os.waitpid(process, 0)
    assert os.WIFSIGNALED(status), "it had ended by itself"


if __name__ == "__main__":
    sys.exit(main())
