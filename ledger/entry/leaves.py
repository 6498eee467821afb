"""The two leaves of the log: sealed ones, which say nothing, and clear ones.

A sealed leaf has 49 bytes and holds no name, kind, time or number of anybody. A clear
leaf is public JSON, in a chain of its own that has no gaps.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ledger.encoding import Json, b64u, b64u_or_null, canonical, parse
from ledger.entry.commitments import TAG
from ledger.entry.kinds import Chain, kind_of
from ledger.errors import Invalid
from ledger.shapes import Shape
from ledger.tree import HASH

CLEAR = "folkmoot.clear/1"
COVER = TAG + HASH

_IN_CLEAR = frozenset(
    {"t", "log", "seq", "prev", "at", "kind", "body", "payload", "stmt", "proof"}
)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed leaf: where it belongs and what it commits to, for who has the keys."""

    tag: bytes
    c: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Clear:
    """A public entry."""

    log: str
    seq: int
    #: Leaf hash of the clear leaf before, or None for the first.
    prev: bytes | None
    at: int
    kind: str
    body: Mapping[str, Json]
    #: Commitments to what may be erased.
    payload: Mapping[str, bytes]
    #: SHA-256 of the statement and the author's proof, where there are any.
    stmt: bytes | None = None
    proof: bytes | None = None


def sealed(tag: bytes, c: bytes) -> bytes:
    """Return the data of a sealed leaf."""
    if len(tag) != TAG or len(c) != HASH:
        raise Invalid("leaf-malformed", "A sealed leaf has 49 bytes.")
    return b"\1" + tag + c


def cover(random48: bytes) -> bytes:
    """Return a leaf that stands for nothing and cannot be told from a sealed one."""
    return sealed(random48[:TAG], random48[TAG:])


def clear(draft: Clear) -> bytes:
    """Return the data of a clear leaf."""
    raw = b"\0" + canonical(
        {
            "t": CLEAR,
            "log": draft.log,
            "seq": draft.seq,
            "prev": b64u_or_null(draft.prev),
            "at": draft.at,
            "kind": draft.kind,
            "body": dict(draft.body),
            "payload": {name: b64u(one) for name, one in draft.payload.items()},
            "stmt": b64u_or_null(draft.stmt),
            "proof": b64u_or_null(draft.proof),
        }
    )
    read_leaf(raw)  # what we write, we can read
    return raw


def read_leaf(leaf: bytes) -> Sealed | Clear:
    """Read the data of a leaf; whoever only counts leaves need not."""
    if leaf[:1] == b"\0":
        return _read_clear(leaf[1:])
    if leaf[:1] != b"\1" or len(leaf) != 1 + COVER:
        raise Invalid("leaf-malformed", "This is no leaf that we know.")
    return Sealed(leaf[1 : 1 + TAG], leaf[1 + TAG :])


def _read_clear(raw: bytes) -> Clear:
    shape = Shape(parse(raw), "leaf-malformed")
    shape.require(CLEAR, _IN_CLEAR)
    if Chain.CLEAR not in kind_of(shape.text("kind")).chains:
        raise Invalid("kind-not-allowed", "This kind of entry is never in the clear.")
    payload = shape.inner("payload")
    stmt, proof = shape.maybe("stmt", HASH), shape.maybe("proof", HASH)
    if (stmt is None) != (proof is None):
        raise Invalid("leaf-malformed", "A statement and its proof stand together.")
    return Clear(
        log=shape.text("log"),
        seq=shape.number("seq"),
        prev=shape.maybe("prev", HASH),
        at=shape.number("at"),
        kind=shape.text("kind"),
        body=shape.inner("body").given,
        payload={name: payload.raw(name, HASH) for name in payload.given},
        stmt=stmt,
        proof=proof,
    )
