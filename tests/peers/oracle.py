"""The other implementation of a log's formats, running beside the tests."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.support import installed

_PEER = installed.AICS / "peer.py"


class Refused(Exception):  # noqa: N818 - an answer, not a fault of ours
    """The other implementation said no."""


@dataclass(frozen=True, slots=True)
class Oracle:
    """Asks it; see `aics/peer.py` for what."""

    process: subprocess.Popen[str]

    def ask(self, what: str, **given: Any) -> Any:
        """Ask one question, with bytes as hexadecimal; return the answer."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps({"ask": what, **given}) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if "no" in answer:
            raise Refused(answer["no"])
        return answer["said"]


@contextmanager
def oracle() -> Iterator[Oracle]:
    """Start it, and end it."""
    command = [installed.aics_python(), _PEER]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    process = subprocess.Popen(command, text=True, **pipes)  # noqa: S603 - our own words, no shell
    with process:
        yield Oracle(process)
        assert process.stdin
        process.stdin.close()  # it ends with its last line
        process.wait(30)
