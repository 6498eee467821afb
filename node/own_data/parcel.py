"""All files of a member's cases as one archive, made while it goes out.

One file is in memory at a time, and none of it is written to a disk on the way.
"""

import io
from collections.abc import Iterator
from itertools import count
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from governance.errors import NotFound
from node import attachments, files
from node.accounts.visitor import Visitor
from node.cases.hand import pick_up
from node.core import Node
from node.files import FileLine
from node.log import ChainErased
from node.own_data.held import held


class _Passing(io.RawIOBase):
    """What an archive is written to, and taken from again at once."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, part: object) -> int:
        raw = bytes(part)  # type: ignore[call-overload]
        self._parts.append(raw)
        return len(raw)

    def taken(self) -> bytes:
        parts, self._parts = self._parts, []
        return b"".join(parts)


def parcel(node: Node, *, by: Visitor) -> Iterator[bytes]:
    """Return a ZIP with every file of one's cases, a folder for each case, in parts.

    What is erased while it goes out is left out.
    """
    return _parts(node, [it.reference for it in held(node, by=by).cases], by)


def _parts(node: Node, references: list[str], by: Visitor) -> Iterator[bytes]:
    out = _Passing()
    with ZipFile(out, "w", ZIP_STORED) as archive:
        for ref in references:
            for number, line in zip(count(1), _lines(node, ref, by), strict=False):
                try:
                    found = attachments.opened(node, line.id, by=by, reference=ref)
                except (NotFound, ChainErased):
                    continue
                # Two files of a case may have one name.
                name = f"{ref}/{number:03} {line.name}"
                archive.writestr(ZipInfo(name, line.at.timetuple()[:6]), found.raw)
                yield out.taken()
    yield out.taken()


def _lines(node: Node, reference: str, by: Visitor) -> tuple[FileLine, ...]:
    try:
        with node.read() as tx:
            case = pick_up(node, tx, reference, by, lock=False).case
            return tuple(files.lines(node, tx, case.id))
    except NotFound:
        return ()
