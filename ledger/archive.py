"""The archive of a case (ZIP): its receipts, and the note on the chain's head.

It names the entries that were erased, too: one number a line. That is a claim like any
other; whoever checks the chain finds out whether the log has their places.

Only what is written as every program writes it is read, so that all verifiers see the
same files in it; nothing is unpacked further than a receipt may be long.
"""

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from struct import Struct
from typing import NoReturn, Self

from ledger import proof
from ledger.encoding import LARGEST, number
from ledger.errors import Invalid

#: The most bytes that an archive, and all that is read from it, may have.
LIMIT = 64 * 1024 * 1024
HEAD = "head"
ERASED = "erased"
_RECEIPT = ".tlog-proof"
_NOTES = (HEAD.encode(), ERASED.encode())

_END, _ENTRY, _LOCAL = Struct("<4s4H2LH"), Struct("<4s6H3L5H2L"), Struct("<4s5H3L2H")
_STORED, _DEFLATED = 0, 8
_ENCRYPTED = 1


@dataclass(frozen=True, slots=True)
class _File:
    name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int

    @classmethod
    def at(cls, raw: bytes, place: int, end: int) -> tuple[Self, int]:
        """Read a line of the directory; return it and where the next one stands."""
        if place + _ENTRY.size > end:
            _refuse()
        mark, _, _, flags, method, _, _, crc, packed, size, *rest = _ENTRY.unpack_from(
            raw, place
        )
        named, extra, remark, _, _, _, offset = rest
        start = place + _ENTRY.size
        following = start + named + extra + remark
        if mark != b"PK\1\2" or following > end:
            _refuse()
        name = raw[start : start + named]
        return cls(name, flags, method, crc, packed, size, offset), following

    def content(self, raw: bytes, end: int) -> bytes:
        """Return what the file holds, or refuse it."""
        if self.size > proof.LIMIT:
            raise Invalid("archive", "A file in the archive is too long for a receipt.")
        if self.offset + _LOCAL.size > end:
            _refuse()
        mark, _, _, method, *_, named, extra = _LOCAL.unpack_from(raw, self.offset)
        at = self.offset + _LOCAL.size
        start = at + named + extra
        alike = (mark, method, raw[at : at + named]) == (
            b"PK\3\4", self.method, self.name,
        )  # fmt: skip
        if not alike or start + self.packed > end or self.flags & _ENCRYPTED:
            _refuse()
        content = self._unpacked(raw[start : start + self.packed])
        if len(content) != self.size or zlib.crc32(content) != self.crc:
            _refuse()
        return content

    def _unpacked(self, data: bytes) -> bytes:
        if self.method == _STORED:
            return data
        if self.method != _DEFLATED:
            _refuse()
        machine = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            content = machine.decompress(data, self.size + 1)
        except zlib.error as error:
            raise Invalid("archive", "A file in the archive is damaged.") from error
        if not machine.eof or machine.unused_data:
            _refuse()
        return content


def _refuse() -> NoReturn:
    raise Invalid("archive", "This is not an archive of receipts.")


def read(raw: bytes) -> dict[str, bytes]:
    """Return the receipts, the head note and what was erased, by name; no others."""
    if not _END.size <= len(raw) <= LIMIT:
        _refuse()
    found: dict[str, bytes] = {}
    room = LIMIT
    end, files = _directory(raw)
    for file in files:
        if file.name not in _NOTES and not file.name.endswith(_RECEIPT.encode()):
            continue
        try:
            name = file.name.decode()
        except UnicodeDecodeError:
            _refuse()
        room -= file.size
        if name in found or room < 0:
            _refuse()
        found[name] = file.content(raw, end)
    return found


def erased(raw: bytes) -> frozenset[int]:
    """Read the file that names the entries that were erased."""
    try:
        numbers = [number(line) for line in raw.decode("ascii").splitlines()]
    except (UnicodeDecodeError, Invalid):
        numbers = []
    if listed(numbers) != raw or max(numbers, default=0) > LARGEST:
        raise Invalid("archive", "The archive's list of erased entries is damaged.")
    return frozenset(numbers)


def listed(numbers: Iterable[int]) -> bytes:
    """Return the file that names the entries that were erased, in rising order."""
    return "".join([f"{one}\n" for one in sorted({*numbers})]).encode()


def _directory(raw: bytes) -> tuple[int, Iterator[_File]]:
    last = len(raw) - _END.size
    mark, disk, first, here, count, size, start, remark = _END.unpack_from(raw, last)
    one = (mark, disk, first, here, remark) == (b"PK\5\6", 0, 0, count, 0)
    if not one or start + size != last:
        _refuse()
    return start, _lines(raw, start, last, count)


def _lines(raw: bytes, start: int, end: int, count: int) -> Iterator[_File]:
    for _ in range(count):
        file, start = _File.at(raw, start, end)
        yield file
    if start != end:
        _refuse()
