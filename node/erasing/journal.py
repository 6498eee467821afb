"""The erasure journal: what a database put back from yesterday must not bring back.

It stands outside the database and its copies, one line an erasure, and is on disk
before anything is destroyed. A line has ids, level and time, and nothing else.
"""

import fcntl
import os
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from ledger.encoding import Json, canonical, parse
from ledger.errors import Invalid
from ledger.shapes import Shape
from node import beside
from node.core import Node, Unready
from node.durable import flush_folder
from node.erasing.shapes import Erasure, Level
from node.errors import JournalDamaged
from node.log.shapes import milliseconds

_TYPE = "folkmoot.erasure/1"
_MEMBERS = frozenset({"t", "id", "at", "level", "chain", "seq", "n"})
#: No line is longer, so that the last one is found from the end.
_LONGEST = 1_024


def places(node: Node) -> list[Path]:
    """Return where the journal is kept: in the data folder, and where a copy is."""
    return beside.journals(node.settings)


def append(node: Node, erasure: Erasure) -> None:
    """Write down what is going to be erased; it is on disk when this returns.

    Raises `Unready` if it cannot be: then nothing may be erased either.
    """
    line = _written(erasure)
    try:
        for path in places(node):
            _append(path, line)
    except OSError as error:
        raise Unready("the erasure journal cannot be written") from error


def _append(path: Path, line: bytes) -> None:
    is_new = not path.exists()
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        # What a crash left of a line was never acted on.
        os.ftruncate(handle, _end(handle))
        os.lseek(handle, 0, os.SEEK_END)
        while line:
            line = line[os.write(handle, line) :]
        os.fsync(handle)
    finally:
        os.close(handle)
    if is_new:
        flush_folder(path.parent)


def _end(handle: int) -> int:
    """Return where the last whole line ends."""
    size = os.fstat(handle).st_size
    start = max(0, size - _LONGEST)
    tail = os.pread(handle, _LONGEST, start)
    whole = tail[: tail.rfind(b"\n") + 1]
    last = whole[whole.rfind(b"\n", 0, -1) + 1 :]
    if last and _read(last[:-1]) is None:
        whole = whole[: -len(last)]
    return start + len(whole)


def read(node: Node) -> list[Erasure]:
    """Return every erasure that any copy of the journal has, once each, in order.

    A last line that a crash left unfinished is no line. Raises `JournalDamaged` for
    any other that cannot be read.
    """
    found: dict[UUID, Erasure] = {}
    for path in places(node):
        raw = path.read_bytes() if path.exists() else b""
        lines = raw.split(b"\n")[:-1]
        for number, line in enumerate(lines, 1):
            erasure = _read(line)
            if erasure is not None:
                found.setdefault(erasure.id, erasure)
            elif number < len(lines):
                raise JournalDamaged(
                    f"Line {number} of {path} cannot be read. Put the journal back from"
                    " its copy: without it, what was erased may come back."
                )
    return sorted(found.values(), key=lambda one: one.at)


def _written(erasure: Erasure) -> bytes:
    members: dict[str, Json] = {
        "t": _TYPE,
        "id": str(erasure.id),
        "at": milliseconds(erasure.at),
        "level": erasure.level.value,
        "chain": str(erasure.chain),
        "seq": erasure.seq,
        "n": erasure.n,
    }
    return canonical(members) + b"\n"


def _read(line: bytes) -> Erasure | None:
    try:
        shape = Shape(parse(line), "journal")
        shape.require(_TYPE, _MEMBERS)
        level, seq, n = Level(shape.text("level")), shape.given["seq"], shape.given["n"]
        meant = (seq is not None, n is not None)
        if meant != (level is not Level.CHAIN, level is Level.REDACT):
            return None
        return Erasure(
            id=UUID(shape.text("id")),
            at=datetime.fromtimestamp(shape.number("at") / 1000, UTC),
            level=level,
            chain=UUID(shape.text("chain")),
            seq=None if seq is None else shape.number("seq"),
            n=None if n is None else shape.number("n"),
        )
    except (Invalid, ValueError, OverflowError, OSError):
        return None
