"""The case-head note: how long a chain is, in the node's signed words.

A member who holds one can prove later that an entry was kept from them: a receipt that
contradicts it is fraud.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ledger import note
from ledger.encoding import b64u, number, unb64u
from ledger.errors import Invalid
from ledger.note import Signer, VKey
from ledger.tree import HASH

_FIRST = "folkmoot.case-head/1"
_NAMES = ["kc", "size", "count", "head", "at"]
_NOTHING = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The last entry of a chain, counted in the log as it was at a size."""

    log: str
    kc: bytes
    size: int
    count: int
    #: C of the last entry, or None where there is none yet.
    head: bytes | None
    #: The node's clock, in seconds.
    at: int


def head_note(head: Head, signer: Signer) -> bytes:
    """Return the note about a chain's head, signed by the statements key."""
    last = _NOTHING if head.head is None else b64u(head.head)
    values = [b64u(head.kc), head.size, head.count, last, head.at]
    lines = [f"{name} {value}" for name, value in zip(_NAMES, values, strict=True)]
    return note.sign("\n".join([_FIRST, head.log, *lines, ""]).encode(), signer)


def read_head(raw: bytes, vkeys: Sequence[VKey]) -> Head:
    """Check a case-head note by the statements keys; return what it says."""
    opened = note.open(raw, vkeys)
    first, *lines = opened.text.decode().split("\n")
    rows = [line.partition(" ") for line in lines[1:-1]]
    if first != _FIRST or [name for name, _, _ in rows] != _NAMES:
        raise Invalid("head-malformed", "This is not a case-head note.")
    # Whoever pins the keys of several nodes must not take one's word about another.
    host = lines[0].partition("/")[0]
    if not any(vkey.name == f"{host}/statements" for vkey in opened.verified):
        raise Invalid("head-foreign", "Another node's key signed this note.")
    kc, size, count, last, at = [value for _, _, value in rows]
    return Head(
        log=lines[0],
        kc=unb64u(kc, HASH),
        size=number(size),
        count=number(count),
        head=None if last == _NOTHING else unb64u(last, HASH),
        at=number(at),
    )
