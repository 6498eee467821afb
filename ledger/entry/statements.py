"""Statements, which authors sign, and entries, which put them into a chain.

The exact bytes are what was signed and hashed. They are kept and sent as they are, and
never made a second time.
"""

from dataclasses import dataclass

from ledger.encoding import Json, b64u, b64u_or_null, canonical, parse
from ledger.entry.kinds import Role, kind_of
from ledger.errors import Invalid
from ledger.shapes import Shape
from ledger.tree import HASH

STATEMENT = "folkmoot.statement/1"
ENTRY = "folkmoot.entry/1"
CHAIN = 16
NONCE = 16
MOST_FIELDS = 64

_IN_STATEMENT = frozenset(
    {"t", "log", "case", "kc", "kind", "fields", "re", "seen", "ts", "nonce"}
)
_IN_ENTRY = frozenset(
    {"t", "log", "case", "kc", "kind", "seq"}
    | {"prev", "at", "role", "stmt", "proof", "key"}
)
_ROLES = frozenset(Role)


@dataclass(frozen=True, slots=True)
class Seen:
    """The newest cosigned checkpoint that an author knew."""

    root: bytes
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What an author says, before it is bytes. Clear statements have no chain."""

    log: str
    case: bytes | None
    kc: bytes | None
    kind: str
    #: Digests of disclosures, or payload commitments; their order does not matter.
    fields: tuple[bytes, ...]
    re: bytes | None
    seen: Seen | None
    #: The author's clock, in milliseconds.
    ts: int
    nonce: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A statement's place in its chain, before it is bytes."""

    log: str
    case: bytes
    kc: bytes
    kind: str
    seq: int
    #: C of the entry before, or None for the first.
    prev: bytes | None
    #: The node's clock, in milliseconds.
    at: int
    role: Role
    #: SHA-256 of the statement and of the author's proof.
    stmt: bytes
    proof: bytes
    #: The author key's id.
    key: str


def statement(draft: Statement) -> bytes:
    """Return the bytes S that an author signs."""
    fields: list[Json] = [*sorted(b64u(one) for one in draft.fields)]
    kind_of(draft.kind)
    whole = len(draft.nonce) == NONCE and (draft.case is None) == (draft.kc is None)
    if not whole or len(draft.fields) > MOST_FIELDS:
        raise Invalid("statement-malformed", "This would be no statement.")
    seen: Json = None
    if draft.seen is not None:
        seen = {"root": b64u(draft.seen.root), "size": draft.seen.size}
    return canonical(
        {
            "t": STATEMENT,
            "log": draft.log,
            "case": b64u_or_null(draft.case),
            "kc": b64u_or_null(draft.kc),
            "kind": draft.kind,
            "fields": fields,
            "re": b64u_or_null(draft.re),
            "seen": seen,
            "ts": draft.ts,
            "nonce": b64u(draft.nonce),
        }
    )


def read_statement(raw: bytes) -> Statement:
    """Read the exact bytes of a statement."""
    shape = Shape(parse(raw), "statement-malformed")
    shape.require(STATEMENT, _IN_STATEMENT)
    kind_of(shape.text("kind"))
    case, kc = shape.maybe("case", CHAIN), shape.maybe("kc", HASH)
    if (case is None) != (kc is None):
        raise Invalid("statement-malformed", "A chain has an id and a key, or neither.")
    return Statement(
        log=shape.text("log"),
        case=case,
        kc=kc,
        kind=shape.text("kind"),
        fields=_fields(shape),
        re=shape.maybe("re", HASH),
        seen=_seen(shape),
        ts=shape.number("ts"),
        nonce=shape.raw("nonce", NONCE),
    )


def _fields(shape: Shape) -> tuple[bytes, ...]:
    fields = shape.hashes("fields", HASH)
    if len(fields) > MOST_FIELDS:
        raise Invalid(shape.code, f"A statement has at most {MOST_FIELDS} fields.")
    return fields


def _seen(shape: Shape) -> Seen | None:
    if shape.given["seen"] is None:
        return None
    seen = shape.inner("seen")
    if seen.given.keys() != {"root", "size"}:
        raise Invalid(shape.code, "What was seen is a root and a size.")
    return Seen(seen.raw("root", HASH), seen.number("size"))


def entry(draft: Entry) -> bytes:
    """Return the bytes E that a leaf commits to."""
    kind_of(draft.kind)
    if (draft.prev is None) != (draft.seq == 0):
        raise Invalid("entry-malformed", "The first entry, and no other, follows none.")
    return canonical(
        {
            "t": ENTRY,
            "log": draft.log,
            "case": b64u(draft.case),
            "kc": b64u(draft.kc),
            "kind": draft.kind,
            "seq": draft.seq,
            "prev": b64u_or_null(draft.prev),
            "at": draft.at,
            "role": draft.role.value,
            "stmt": b64u(draft.stmt),
            "proof": b64u(draft.proof),
            "key": draft.key,
        }
    )


def read_entry(raw: bytes) -> Entry:
    """Read the exact bytes of an entry."""
    shape = Shape(parse(raw), "entry-malformed")
    shape.require(ENTRY, _IN_ENTRY)
    kind_of(shape.text("kind"))
    shape.raw("key", CHAIN)
    prev, seq = shape.maybe("prev", HASH), shape.number("seq")
    if (prev is None) != (seq == 0):
        raise Invalid("entry-malformed", "The first entry, and no other, follows none.")
    if shape.text("role") not in _ROLES:
        raise Invalid("entry-malformed", "There is no such role.")
    return Entry(
        log=shape.text("log"),
        case=shape.raw("case", CHAIN),
        kc=shape.raw("kc", HASH),
        kind=shape.text("kind"),
        seq=seq,
        prev=prev,
        at=shape.number("at"),
        role=Role(shape.text("role")),
        stmt=shape.raw("stmt", HASH),
        proof=shape.raw("proof", HASH),
        key=shape.text("key"),
    )
