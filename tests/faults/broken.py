"""System calls that fail: the kernel's own answer is replaced, by strace.

What is broken is one call on one node's files, in every thread of a running process;
what else the process does, and where else it writes, stays whole.
"""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.installed import strace

#: The files of a node that its ledger needs, and two that its export writes.
_FILES = (
    "node/folkmoot.sqlite3", "node/folkmoot.sqlite3-wal", "node/folkmoot.sqlite3-shm",
    "node/ledger.guard", "node/write.lock", "node", "export/.checkpoint.new", "export",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Injected:
    """What strace wrote down."""

    seen: Path

    @property
    def count(self) -> int:
        """How often a call was made to fail until now."""
        return self.seen.read_text().count("(INJECTED)")


def words(call: str, error: str, folder: Path) -> list[str]:
    """Return what strace is told so that a call fails on the files of a node."""
    told = ["-f", "-e", f"trace={call}", "-e", f"inject={call}:error={error}"]
    for name in _FILES:
        told += ["-P", str(folder / name)]
    return told


@contextmanager
def failing(process: int, call: str, error: str, folder: Path) -> Iterator[Injected]:
    """Let a system call of a running process fail until the block ends."""
    found = Injected(folder / f"{call}-{error}")
    command = [str(strace()), "-o", str(found.seen), *words(call, error, folder)]
    tracing = subprocess.Popen(  # noqa: S603 - our own words, no shell
        [*command, "-p", str(process)], stderr=subprocess.PIPE
    )
    try:
        _await(process, tracing)
        yield found
    finally:
        tracing.send_signal(signal.SIGINT)  # lets go of the process, unharmed
        tracing.communicate(timeout=30)


def _await(process: int, tracing: "subprocess.Popen[bytes]") -> None:
    # It says so once it holds every thread there is; those to come it gets as well.
    assert tracing.stderr is not None
    line = tracing.stderr.readline()
    if b"attached" not in line:
        raise RuntimeError(f"{process} could not be held: {line!r}")
