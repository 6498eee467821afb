"""What a process costs, read from /proc; and processes of ours, begun and ended."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic, sleep

_TICKS = os.sysconf("SC_CLK_TCK")
_PATIENCE = 60
#: The cores of what is measured, and of what makes it work.
SERVER, LOADER = 0, 1


def cpu(pid: int) -> float:
    """Return the seconds of processor time a process and its children have used."""
    text = Path(f"/proc/{pid}/stat").read_text()
    fields = text.rpartition(")")[2].split()
    return sum(int(fields[place]) for place in (11, 12, 13, 14)) / _TICKS


def pss(pid: int) -> float:
    """Return the memory a process accounts for, in MiB."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    found = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


@contextmanager
def running(
    arguments: list[str], environment: Mapping[str, str], port: int, path: str
) -> Iterator[tuple[int, float]]:
    """Start a server; yield its id and how long it took to answer; end it."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("FOLKMOOT_")}
    began = monotonic()
    process = subprocess.Popen(  # noqa: S603 - our own programs
        [sys.executable, *arguments],
        env={**kept, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process.pid, _answered(process, port, path) - began
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()


def _answered(process: subprocess.Popen[bytes], port: int, path: str) -> float:
    deadline = monotonic() + _PATIENCE
    while monotonic() < deadline and process.poll() is None:
        connection = HTTPConnection("localhost", port, timeout=5)
        try:
            connection.request("GET", path)
            if connection.getresponse().status == 200:
                return monotonic()
        except OSError:
            sleep(0.005)
        finally:
            connection.close()
    raise RuntimeError(f"no answer on port {port}")


def pin(pid: int, core: int) -> None:
    """Keep a process, with all its threads, on one core."""
    for thread in Path(f"/proc/{pid}/task").iterdir():
        os.sched_setaffinity(int(thread.name), {core})
