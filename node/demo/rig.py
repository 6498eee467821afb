"""The demo's processes: a node of its own folder and port, begun and ended by us."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic, sleep

from node import assembly, start, work
from node.core import Node
from node.demo import cast
from node.settings import Settings

_PATIENCE = 30
_MARK = ".folkmoot-demo"


class RigBroken(Exception):  # noqa: N818 - what happened, for the report
    """A process of the demo did not come up; the text says what it said."""


def found(folder: Path, port: int, smtp: int) -> Node:
    """Make a fresh node for the demo; a folder that is not the demo's is refused."""
    if folder.exists() and not (folder / _MARK).exists():
        raise RigBroken(f"{folder} is not a demo's folder; name another with --data.")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / _MARK).touch()
    settings = Settings.read(_environment(folder, port, smtp))
    node = start.init(
        settings,
        {
            "community": {
                "name": cast.NAME,
                "slug": "elmstreet",
                "zone": "Europe/London",
                "preset": "cooperative",
            },
            "contact": {
                "mail": "help@elmstreet.example",
                "place": "Library, Thursdays",
            },
            "areas": [
                {"code": code, "name": name} for code, name in cast.wards().items()
            ],
            "steward": {"name": cast.STEWARD[0], "mail": cast.STEWARD[1]},
            "people": [
                {"name": name, "mail": mail, "roles": list(roles)}
                for name, mail, roles in cast.PEOPLE
            ],
        },
    )
    work.sweep(node)
    return node


def reopen(folder: Path, port: int, smtp: int) -> Node:
    """Look into the demo's node from beside it."""
    return assembly.assemble(Settings.read(_environment(folder, port, smtp)))


def _environment(folder: Path, port: int, smtp: int) -> dict[str, str]:
    return {
        "FOLKMOOT_DATA": str(folder / "elmstreet"),
        "FOLKMOOT_PUBLIC_URL": f"http://localhost:{port}",
        "FOLKMOOT_SMTP_URL": f"smtp://127.0.0.1:{smtp}",
        "FOLKMOOT_LEDGER_INTERVAL": "5",
    }


@contextmanager
def served(folder: Path, port: int, smtp: int) -> Iterator[int]:
    """Serve the node in a process of its own; yield its id; end it afterwards."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("FOLKMOOT_")}
    with (folder / "serve.log").open("wb") as lines:
        process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "folkmoot", "serve", "--port", str(port)],
            env=kept | _environment(folder, port, smtp),
            stdout=lines,
            stderr=lines,
        )
        try:
            _await(process, port, folder / "serve.log")
            yield process.pid
        finally:
            process.terminate()
            try:
                process.wait(timeout=_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()


def _await(process: subprocess.Popen[bytes], port: int, lines: Path) -> None:
    deadline = monotonic() + _PATIENCE
    while monotonic() < deadline and process.poll() is None:
        connection = HTTPConnection("localhost", port, timeout=1)
        try:
            connection.request("GET", "/healthz")
            connection.getresponse()
        except OSError:
            sleep(0.05)
        else:
            return
        finally:
            connection.close()
    raise RigBroken(f"The node did not start: {lines.read_text()[-400:]}")
