"""What processes said before they were killed: whole lines, a file for each of them."""

import os
from dataclasses import dataclass, field
from pathlib import Path


class Pen:
    """Writes the lines of one process; each is one write, whichever thread it is."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        path = folder / str(os.getpid())
        self._handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def say(self, *words: object) -> None:
        """Say one thing to whoever keeps the record."""
        line = " ".join(map(str, words)).encode() + b"\n"
        if os.write(self._handle, line) != len(line):
            raise RuntimeError("the record is full")


@dataclass(slots=True)
class Record:
    """The lines of all of them, each read once."""

    folder: Path
    _read: dict[Path, int] = field(default_factory=dict)

    def size(self) -> int:
        """Return how much was said until now."""
        files = self.folder.iterdir() if self.folder.exists() else []
        return sum(path.stat().st_size for path in files)

    def fresh(self) -> list[list[str]]:
        """Return the words of each line that was not read before.

        A line that was cut short reached nobody whole, and is none.
        """
        found = []
        for path in self.folder.iterdir():
            start = self._read.get(path, 0)
            raw = path.read_bytes()[start:]
            whole = raw[: raw.rfind(b"\n") + 1]
            self._read[path] = start + len(whole)
            found += [line.split(" ") for line in whole.decode().splitlines()]
        return found
