"""The receipt file: a proof file whose `extra` line holds the entry itself.

What stands in it is what was signed and hashed, byte for byte; reading it decides
nothing yet.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from ledger import author, checkpoint, entry, note, proof
from ledger.checkpoint import Checkpoint
from ledger.encoding import Json, b64u, canonical, parse
from ledger.entry import Clear, Disclosure, Entry, Statement
from ledger.errors import Invalid
from ledger.included import Included, read_leaves
from ledger.note import Unchecked
from ledger.shapes import Shape
from ledger.tree import HASH

RECEIPT = "folkmoot.receipt/1"
_CODE = "receipt-malformed"
_MUST = frozenset({"t", "e", "s", "p", "nonce", "d"})
_MAY = frozenset({"case_key", "ev", "rot", "vkeys"})


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an attestation rests on: its salt and the exact bytes of its JSON."""

    salt: bytes
    facts: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedEntry:
    """What a receipt shows of a sealed entry."""

    e: bytes
    s: bytes
    p: bytes
    nonce: bytes
    #: The disclosures that this reader may see.
    d: tuple[str, ...] = ()
    #: For the parties of the case only.
    case_key: bytes | None = None
    evidence: Evidence | None = None
    #: Hints about keys. A verifier trusts its own pins, never these.
    vkeys: tuple[str, ...] = ()
    #: Changes of the log's key, for readers who pin an older one.
    rot: tuple[Included, ...] = ()


@dataclass(frozen=True, slots=True)
class ClearEntry:
    """What a receipt shows of a clear entry: the leaf's data."""

    leaf: bytes


Contents: TypeAlias = SealedEntry | ClearEntry


@dataclass(frozen=True, slots=True)
class Opened:
    """A sealed entry taken apart."""

    raw: SealedEntry
    entry: Entry
    statement: Statement
    proof: author.Proof
    disclosed: tuple[Disclosure, ...]


@dataclass(frozen=True, slots=True)
class Public:
    """A clear entry taken apart."""

    leaf: bytes
    entry: Clear


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt taken apart. Nothing in it is known to be true yet."""

    index: int
    hashes: tuple[bytes, ...]
    note: Unchecked
    stated: Checkpoint
    content: Opened | Public


def make(
    contents: Contents, index: int, hashes: Sequence[bytes], checkpoint: bytes
) -> bytes:
    """Return the receipt of one leaf under a signed checkpoint."""
    given: dict[str, Json] = {"t": RECEIPT}
    if isinstance(contents, ClearEntry):
        given["leaf"] = b64u(contents.leaf)
    else:
        given.update(_written(contents))
    extra = canonical(given, limit=proof.LIMIT)
    return proof.write(extra, index, hashes, checkpoint)


def _written(contents: SealedEntry) -> dict[str, Json]:
    given: dict[str, Json] = {
        "e": b64u(contents.e),
        "s": b64u(contents.s),
        "p": b64u(contents.p),
        "nonce": b64u(contents.nonce),
        "d": [*contents.d],
    }
    if contents.case_key is not None:
        given["case_key"] = b64u(contents.case_key)
    if contents.evidence is not None:
        salt, facts = b64u(contents.evidence.salt), b64u(contents.evidence.facts)
        given["ev"] = {"json": facts, "salt": salt}
    if contents.vkeys:
        given["vkeys"] = [*contents.vkeys]
    if contents.rot:
        given["rot"] = [one.written for one in contents.rot]
    return given


def read(raw: bytes) -> Receipt:
    """Take a receipt apart, strictly."""
    outer = proof.read(raw)
    found = note.parse(outer.checkpoint)
    stated = checkpoint.parse(found.text)
    shape = Shape(parse(outer.extra or b"", limit=proof.LIMIT), _CODE)
    content = _public(shape) if "leaf" in shape.given else _open(_sealed(shape))
    return Receipt(outer.index, outer.hashes, found, stated, content)


def key_among(raws: Iterable[bytes]) -> bytes:
    """Return the case key that one of these receipts has."""
    for raw in raws:
        content = read(raw).content
        if isinstance(content, Opened) and content.raw.case_key is not None:
            return content.raw.case_key
    raise Invalid("case-key-missing", "Give the case key: no receipt here has it.")


def _public(shape: Shape) -> Public:
    shape.require(RECEIPT, frozenset({"t", "leaf"}))
    leaf = shape.raw("leaf")
    found = entry.read_leaf(leaf)
    if not isinstance(found, Clear):
        raise Invalid(_CODE, "A sealed leaf alone says nothing.")
    return Public(leaf, found)


def _sealed(shape: Shape) -> SealedEntry:
    shape.require(RECEIPT, _MUST | (_MAY & shape.given.keys()))
    evidence = None
    if "ev" in shape.given:
        inner = shape.inner("ev")
        evidence = Evidence(inner.raw("salt", HASH), inner.raw("json"))
    return SealedEntry(
        e=shape.raw("e"),
        s=shape.raw("s"),
        p=shape.raw("p"),
        nonce=shape.raw("nonce", HASH),
        d=shape.texts("d"),
        case_key=shape.maybe("case_key", HASH),
        evidence=evidence,
        vkeys=shape.texts("vkeys") if "vkeys" in shape.given else (),
        rot=tuple(read_leaves(shape, "rot")) if "rot" in shape.given else (),
    )


def _open(raw: SealedEntry) -> Opened:
    if sum(len(one) for one in raw.d) > entry.MOST_DISCLOSED:
        raise Invalid(_CODE, "The fields shown are longer than 64 KiB.")
    return Opened(
        raw,
        entry.read_entry(raw.e),
        entry.read_statement(raw.s),
        author.read(raw.p),
        tuple([entry.read_disclosure(one) for one in raw.d]),
    )
