"""All files of a member's cases as one archive, made while it goes out.

One file is in memory at a time, and none of it is written to the node's own folder.
"""

import io
from collections.abc import Iterator
from itertools import count
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from governance.errors import NotFound
from node import attachments, files, vault
from node.accounts.visitor import Visitor
from node.cases.hand import pick_up
from node.core import Node
from node.files import FileLine
from node.log import ChainErased
from node.own_data.held import held

#: What stands in the place of a file that cannot be read.
_LOST = b"This file cannot be read any more. Whoever runs the node can say why.\n"


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

    What is erased while it goes out is left out; what the store has lost is named.
    """
    return _parts(node, [it.reference for it in held(node, by=by).cases], by)


def _parts(node: Node, references: list[str], by: Visitor) -> Iterator[bytes]:
    out = _Passing()
    with ZipFile(out, "w", ZIP_STORED) as archive:
        for ref in references:
            for number, line in zip(count(1), _lines(node, ref, by), strict=False):
                # Two files of a case may have one name.
                name = f"{ref}/{number:03} {line.name}"
                try:
                    raw = attachments.opened(node, line.id, by=by, reference=ref).raw
                except (NotFound, ChainErased):
                    continue
                except vault.Damaged:
                    name, raw = f"{name}.lost.txt", _LOST
                archive.writestr(ZipInfo(name, line.at.timetuple()[:6]), raw)
                yield out.taken()
    yield out.taken()


def _lines(node: Node, reference: str, by: Visitor) -> tuple[FileLine, ...]:
    try:
        with node.read() as tx:
            case = pick_up(node, tx, reference, by, lock=False).case
            return tuple(files.lines(node, tx, case.id))
    except NotFound:
        return ()
