"""Writing fraud files. What is written is for a judge to decide, and not decided here.

Notes, receipts and head notes go in as they were received, byte for byte.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ledger import tiles
from ledger.encoding import Json, b64u, canonical
from ledger.errors import Invalid
from ledger.included import Included
from ledger.note import VKey

FRAUD = "folkmoot.fraud/1"
#: Two notes, or a receipt and a note, with room for their spelling in JSON.
LIMIT = 512 * 1024


@dataclass(frozen=True, slots=True)
class Told:
    """A case-head note, and the statements key that signed it."""

    statements: VKey
    head: bytes


def _file(kind: str, log: VKey, members: dict[str, Json]) -> bytes:
    given: dict[str, Json] = {"t": FRAUD, "kind": kind, "log": str(log), **members}
    return canonical(given, limit=LIMIT)


def _notes(*notes: bytes) -> list[Json]:
    return [_text(raw) for raw in notes]


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise Invalid("fraud-malformed", "What proves fraud is UTF-8.") from error


def split(log: VKey, one: bytes, other: bytes) -> bytes:
    """Return the file that shows two roots for one size."""
    return _file("split", log, {"notes": _notes(one, other)})


def rewrite(log: VKey, older: bytes, newer: bytes, path: Sequence[bytes]) -> bytes:
    """Return the file that shows a larger tree which does not begin with a smaller.

    `path` is what `explicit` gives for the larger tree.
    """
    hashes: list[Json] = [b64u(one) for one in path]
    return _file("rewrite", log, {"notes": _notes(older, newer), "path": hashes})


def explicit(m: int, n: int, read: tiles.Read) -> list[bytes]:
    """Return the consistency path of a tree of size n, its first hash explicit."""
    path = tiles.consistency(m, n, read)
    return [tiles.root(m, read), *path] if m & (m - 1) == 0 else path


def twin(log: VKey, signed: bytes, one: Included, other: Included) -> bytes:
    """Return the file that shows one tag on two leaves."""
    leaves: list[Json] = [one.written, other.written]
    return _file("twin", log, {"notes": _notes(signed), "leaves": leaves})


def withheld(log: VKey, told: Told, receipt: bytes) -> bytes:
    """Return the file that shows an entry which the node said was not there."""
    members: dict[str, Json] = {**_told(told), "receipt": _text(receipt)}
    return _file("withheld", log, members)


def rollback(log: VKey, told: Told, witness: VKey, signed: bytes) -> bytes:
    """Return the file that shows a log smaller than a witness saw it before."""
    seen: dict[str, Json] = {"witness": str(witness), "notes": _notes(signed)}
    return _file("rollback", log, {**_told(told), **seen})


def _told(told: Told) -> dict[str, Json]:
    return {"statements": str(told.statements), "head": _text(told.head)}
