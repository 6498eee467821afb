"""A note outside the database of how far the log was signed.

A database put back from yesterday would sign a second history. The guard remembers
better: behind it, nothing is signed.
"""

import fcntl
import os
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

from node import beside
from node.core import Node, Unready

_SLOT = struct.Struct(">8sQQQ32s")
_MAGIC = b"fmguard1"
_SIZE = 512


@dataclass(frozen=True, slots=True)
class Mark:
    """One slot of the guard."""

    count: int
    epoch: int
    size: int
    root: bytes


def path(node: Node) -> Path:
    """Return where the guard is."""
    return beside.guard(node.settings)


def write(
    node: Node, *, epoch: int, size: int, root: bytes, sync: bool = False
) -> None:
    """Remember the head, in the slot that is not the newest; never an older one.

    Several processes may write: each looks at what the others remembered. In a later
    epoch the log begins again, so its size may be smaller. Raises `Unready` when the
    disk does not take it; the head is then signed all the same, and the next one is
    remembered in its place.
    """
    try:
        _write(path(node), epoch, size, root, sync=sync)
    except OSError as error:
        raise Unready("the disk does not take the guard of the log") from error


def _write(at: Path, epoch: int, size: int, root: bytes, *, sync: bool) -> None:
    handle = os.open(at, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        last = _newest(os.pread(handle, 2 * _SIZE, 0))
        if last is None or (last.epoch, last.size) < (epoch, size):
            count = last.count + 1 if last else 1
            raw = _SLOT.pack(_MAGIC, count, epoch, size, root)
            raw += zlib.crc32(raw).to_bytes(4, "big")
            os.pwrite(handle, raw.ljust(_SIZE, b"\0"), (count % 2) * _SIZE)
        if sync:
            os.fsync(handle)
    finally:
        os.close(handle)


def read(at: Path) -> Mark | None:
    """Return the newest slot that is whole; None when there is no guard."""
    return _newest(at.read_bytes()) if at.exists() else None


def _newest(raw: bytes) -> Mark | None:
    marks = [_mark(raw[start : start + _SIZE]) for start in (0, _SIZE)]
    return max(
        (mark for mark in marks if mark), key=lambda mark: mark.count, default=None
    )


def _mark(slot: bytes) -> Mark | None:
    body, check = slot[: _SLOT.size], slot[_SLOT.size : _SLOT.size + 4]
    if len(check) != 4 or zlib.crc32(body).to_bytes(4, "big") != check:  # noqa: PLR2004 - a CRC-32
        return None
    magic, count, epoch, size, root = _SLOT.unpack(body)
    return Mark(count, epoch, size, root) if magic == _MAGIC else None
