"""The demo's processes: nodes of their own folders and ports, begun and ended by us."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic, sleep

from node import assembly, start, work
from node.core import Node
from node.demo import cast
from node.demo.cast import Community
from node.settings import Settings

_PATIENCE = 30
_MARK = ".folkmoot-demo"


class RigBroken(Exception):  # noqa: N818 - what happened, for the report
    """A process of the demo did not come up; the text says what it said."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one community of the demo lives, and whom it may reach without TLS."""

    community: Community
    folder: Path
    port: int
    smtp: int
    #: The ports of its neighbours on this machine.
    others: tuple[int, ...]

    @property
    def environment(self) -> dict[str, str]:
        """What its processes are told."""
        return {
            "FOLKMOOT_DATA": str(self.folder / self.community.slug),
            "FOLKMOOT_PUBLIC_URL": f"http://localhost:{self.port}",
            "FOLKMOOT_SMTP_URL": f"smtp://127.0.0.1:{self.smtp}",
            "FOLKMOOT_LEDGER_INTERVAL": "5",
            "FOLKMOOT_FEDERATION_INSECURE_HOSTS": ",".join(
                f"localhost:{port}" for port in self.others
            ),
        }

    @property
    def log(self) -> Path:
        """Where its process writes what it has to say."""
        return self.folder / f"{self.community.slug}.log"


def places(folder: Path, port: int, smtp: int) -> tuple[Place, Place]:
    """Return where the two communities live: on this port and on the next."""
    return (
        Place(cast.HOME, folder, port, smtp, (port + 1,)),
        Place(cast.NEIGHBOUR, folder, port + 1, smtp, (port,)),
    )


def found(folder: Path, where: tuple[Place, ...]) -> None:
    """Make fresh nodes for the demo; a folder that is not the demo's is refused."""
    if folder.exists() and not (folder / _MARK).exists():
        raise RigBroken(f"{folder} is not a demo's folder; name another with --data.")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / _MARK).touch()
    for place in where:
        settings = Settings.read(place.environment)
        node = start.init(settings, place.community.answers(cast.wards()))
        work.sweep(node)
        node.database.close()


def reopen(place: Place) -> Node:
    """Look into a community's node from beside it."""
    return assembly.assemble(Settings.read(place.environment))


@contextmanager
def served(where: tuple[Place, ...]) -> Iterator[None]:
    """Serve every node in a process of its own, all at once; end them afterwards."""
    with ExitStack() as stack:
        started = [(stack.enter_context(_process(it)), it) for it in where]
        for process, place in started:
            _await(process, place)
        yield


@contextmanager
def _process(place: Place) -> Iterator[subprocess.Popen[bytes]]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("FOLKMOOT_")}
    with place.log.open("wb") as lines:
        process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "folkmoot", "serve", "--port", str(place.port)],
            env=kept | place.environment,
            stdout=lines,
            stderr=lines,
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(timeout=_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()


def _await(process: subprocess.Popen[bytes], place: Place) -> None:
    deadline = monotonic() + _PATIENCE
    while monotonic() < deadline and process.poll() is None:
        connection = HTTPConnection("localhost", place.port, timeout=1)
        try:
            connection.request("GET", "/healthz")
            connection.getresponse()
        except OSError:
            sleep(0.05)
        else:
            return
        finally:
            connection.close()
    said = place.log.read_text()[-400:]
    raise RigBroken(f"{place.community.name} did not start: {said}")
