"""Processes for tests: each has a folder, ends with its block, and is never root.

Only what was started here is ended here, by its own process id.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.installed import Missing

LONGEST_START = 90.0
LONGEST_STOP = 30.0


@dataclass(frozen=True, slots=True)
class Home:
    """A folder for one server, and who runs the server."""

    path: Path
    user: str | None

    def keep(self, name: str, text: str) -> Path:
        """Write a file that only the server's user can read; return its path."""
        path = self.path / name
        path.write_text(text, encoding="ascii")
        path.chmod(0o600)
        if self.user:
            shutil.chown(path, self.user)
        return path

    @property
    def runs_as(self) -> dict[str, Any]:
        """What `subprocess` needs to run something as this user."""
        if self.user is None:
            return {}
        group = pwd.getpwnam(self.user).pw_gid
        return {"user": self.user, "group": group, "extra_groups": []}


@dataclass(frozen=True, slots=True)
class Program:
    """What to start, what to tell it, and how to ask it to end."""

    command: list[Any]
    words: Mapping[str, str] = field(default_factory=dict)
    log: str = "server.log"
    end: signal.Signals = signal.SIGTERM


@contextmanager
def home(name: str) -> Iterator[Home]:
    """Make a folder for a server, owned by who will run it."""
    user = _servant(name) if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix=f"folkmoot-{name}-") as folder:
        if user:
            shutil.chown(folder, user, pwd.getpwnam(user).pw_gid)
        yield Home(Path(folder), user)


@contextmanager
def running(program: Program, at: Home, asked: Callable[[], None]) -> Iterator[None]:
    """Run a program until the block ends; begin the block once `asked` succeeds."""
    words = {"PATH": os.environ["PATH"], "HOME": str(at.path), "LC_ALL": "C.UTF-8"}
    log = at.path / program.log
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own words, no shell
            [str(word) for word in program.command],
            **at.runs_as,
            cwd=at.path,
            env={**words, **program.words},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _await(process, log, asked)
        yield
    finally:
        _end(process, program.end)


def free_port() -> int:
    """Return a port of this machine's loopback that nobody uses now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _servant(name: str) -> str:
    known = {entry.pw_name for entry in pwd.getpwall()}
    return name if name in known else "nobody"


def _await(
    process: subprocess.Popen[bytes], log: Path, asked: Callable[[], None]
) -> None:
    until = time.monotonic() + LONGEST_START
    while True:
        try:
            asked()
        except Exception as problem:
            late = time.monotonic() > until
            if late or process.poll() is not None:
                said = log.read_text(encoding="utf-8", errors="replace")[-2000:]
                why = "did not answer" if late else "ended"
                raise Missing(f"a server that starts; it {why}: {said}") from problem
        else:
            return
        time.sleep(0.1)


def _end(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
    process.send_signal(how)
    try:
        process.wait(LONGEST_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
