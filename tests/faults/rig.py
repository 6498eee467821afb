"""A node of real processes that can be killed: own folder, own ports, own log.

Only what was started here is ended here, each process group by its own id.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from node.demo.catcher import Catcher
from node.settings import Settings

ROOT = Path(__file__).parents[2]
LONGEST_START = 30.0
_ANSWERS = """
[community]
name = "Ash Moot"
preset = "cooperative"
[steward]
name = "Dov"
mail = "dov@ash.example"
"""


class Broken(Exception):  # noqa: N818 - what happened, for whoever reads the run
    """A process did not come up; the text says what it said."""


class Mailroom(Catcher):
    """Takes every mail, and counts those that came again."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.deliveries = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - the name aiosmtpd calls
        """Count what came, and keep it once."""
        self.deliveries += 1
        return await super().handle_DATA(server, session, envelope)


@dataclass(slots=True)
class Rig:
    """One node: a server, and beside it a worker when there is a broker."""

    folder: Path
    port: int
    smtp: int
    database_url: str = ""
    broker_url: str = ""
    #: What else its processes are told.
    told: dict[str, str] = field(default_factory=dict)
    #: When it was killed.
    kills: list[datetime] = field(default_factory=list)
    #: How long each start took to the first answer.
    starts: list[float] = field(default_factory=list)
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def words(self) -> dict[str, str]:
        """What the node's processes are told."""
        told = {
            "FOLKMOOT_DATA": str(self.folder / "node"),
            "FOLKMOOT_PUBLIC_URL": f"http://localhost:{self.port}",
            "FOLKMOOT_SMTP_URL": f"smtp://127.0.0.1:{self.smtp}",
            "FOLKMOOT_LEDGER_INTERVAL": "1",
        }
        if self.database_url:
            told["FOLKMOOT_DATABASE_URL"] = self.database_url
        if self.broker_url:
            told |= {"FOLKMOOT_BROKER_URL": self.broker_url, "FOLKMOOT_EMBEDDED": "0"}
        return told | self.told

    @property
    def settings(self) -> Settings:
        """The same, as this process reads it."""
        return Settings.read(self.words)

    def found(self) -> None:
        """Make the node, as its operator does."""
        answers = self.folder / "answers.toml"
        answers.write_text(_ANSWERS)
        command = [sys.executable, "-m", "folkmoot", "init", "--answers", str(answers)]
        done = subprocess.run(  # noqa: S603 - our own program
            command, **self._how(), capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise Broken(f"init failed: {done.stderr[-2000:]}")

    @property
    def parts(self) -> tuple[str, ...]:
        """The processes this node is made of."""
        return ("server", "worker") if self.broker_url else ("server",)

    def start(self) -> None:
        """Start every process that does not run; return once the server answers."""
        began = monotonic()
        for part in self.parts:
            if part not in self._running:
                self._spawn(part)
        self._await()
        self.starts.append(monotonic() - began)

    def kill(self, *parts: str) -> None:
        """End some processes without a word of warning."""
        self._end(signal.SIGKILL, parts)
        self.kills.append(datetime.now(UTC))

    def stop(self) -> None:
        """Ask everything that runs to end."""
        self._end(signal.SIGTERM, tuple(self._running))

    @property
    def process(self) -> int:
        """The id of the server."""
        return self._running["server"].pid

    def _command(self, part: str) -> list[str]:
        if part == "server":
            return ["-m", "folkmoot", "serve", "--port", str(self.port)]
        work = ["-m", "celery", "-A", "folkmoot", "worker", "--concurrency", "1"]
        return [*work, "-B", "-s", str(self.folder / "beat"), "--loglevel", "WARNING"]

    def _spawn(self, part: str) -> None:
        with (self.folder / f"{part}.log").open("ab") as lines:
            self._running[part] = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, *self._command(part)],
                **self._how(),
                stdin=subprocess.DEVNULL,
                stdout=lines,
                stderr=lines,
                start_new_session=True,
            )

    def _how(self) -> dict[str, Any]:
        return {"cwd": ROOT, "env": self.environment}

    @property
    def environment(self) -> dict[str, str]:
        """What its processes find around them."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("FOLKMOOT_")}
        return kept | self.words

    def _await(self) -> None:
        until, server = monotonic() + LONGEST_START, self._running["server"]
        while monotonic() < until and server.poll() is None:
            connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
            try:
                connection.request("GET", "/healthz")
                connection.getresponse()
            except (OSError, HTTPException):
                sleep(0.02)
            else:
                return
            finally:
                connection.close()
        raise Broken(f"no answer: {self.said('server')}")

    def said(self, part: str) -> str:
        """Return the end of what a process wrote."""
        return (self.folder / f"{part}.log").read_text(errors="replace")[-3000:]

    def _end(self, how: signal.Signals, parts: tuple[str, ...]) -> None:
        ended = [self._running.pop(part) for part in parts]
        for process in ended:
            _signal(process, how)
        for process in ended:
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                _signal(process, signal.SIGKILL)
                process.wait(30)


def _signal(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
    # Each leads a group of its own, so its id is the group's.
    try:
        if how is signal.SIGKILL:
            os.killpg(process.pid, how)
        else:
            process.send_signal(how)
    except ProcessLookupError:
        pass


@contextmanager
def running(rig: Rig, mailroom: Mailroom) -> Iterator[Rig]:
    """Found and start a node; whatever happens, leave no process behind."""
    mailroom.start()
    try:
        rig.found()
        rig.start()
        yield rig
    finally:
        rig.stop()
        mailroom.stop()
