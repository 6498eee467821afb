"""How a log follows one that ended: what it says of it, and who vouches for that.

A log that cannot be recovered ends where it was cosigned last. The next one names that
checkpoint in its first leaf, with the word of the old log's recovery keys.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from ledger import author, checkpoint, entry, note, origins, recovery, rotation
from ledger.checkpoint import Checkpoint
from ledger.encoding import Json, b64u, canonical, parse
from ledger.entry import Clear
from ledger.errors import Invalid
from ledger.shapes import Shape
from ledger.vkeys import ED25519, ML_DSA, VKey

REQUEST = "folkmoot.succession/1"
_IN_REQUEST = frozenset({"t", "log", "key", "previous", "note"})
_IN_PREVIOUS = frozenset({"origin", "note", "signatures"})
_CODE = "succession"


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    """One log of a host follows another."""

    log: str
    #: The new log's first key.
    key: VKey
    #: The origin of the log that ended.
    previous: str
    #: The last cosigned note of that log, with its signature lines.
    note: str

    @property
    def message(self) -> bytes:
        """What the recovery keys of the old log sign."""
        hashed = b64u(sha256(self.note.encode()).digest())
        return b"folkmoot/epoch/v1\0" + canonical(self.members(hashed))

    @property
    def end(self) -> Checkpoint:
        """How far the old log went, by the note that is cited."""
        return checkpoint.parse(note.parse(self.note.encode()).text)

    def members(self, note: str) -> dict[str, Json]:
        """Return what a request has and the message, which has the note's hash."""
        told = {"log": self.log, "key": str(self.key), "previous": self.previous}
        return {**told, "note": note}


def request(succession: Succession) -> bytes:
    """Return the file that says which log is to follow which."""
    return canonical({"t": REQUEST, **succession.members(succession.note)})


def read_request(raw: bytes) -> Succession:
    """Read that file."""
    shape = Shape(parse(raw), _CODE)
    shape.require(REQUEST, _IN_REQUEST)
    previous = shape.text("previous")
    return _read(shape, shape.text("log"), shape.text("key"), previous)


def previous(
    succession: Succession, signatures: Iterable[tuple[bytes, bytes]]
) -> dict[str, Json]:
    """Return the member `previous` of the new log's first leaf.

    `signatures` are recovery keys and what they signed; none where the old log named
    no recovery keys.
    """
    given = recovery.written(signatures)
    old = {"origin": succession.previous, "note": succession.note}
    return {**old, "signatures": given}


def read(leaf: bytes) -> Succession | None:
    """Return what a log's first leaf says it follows, or None for a host's first log.

    Whether it is true is for `require`.
    """
    found, body = _genesis(leaf)
    epoch = body.number("epoch")
    if body.given.get("previous") is None:
        if epoch != 1:
            raise Invalid(_CODE, "A log that is not the first says what it follows.")
        return None
    old, keys = body.inner("previous"), body.texts("keys")
    if old.given.keys() != _IN_PREVIOUS or not keys:
        raise Invalid(_CODE, "The log does not say in full what it follows.")
    succession = _read(old, found.log, keys[0], old.text("origin"))
    if epoch != origins.split(found.log)[1]:
        raise Invalid(_CODE, "The log's name and its epoch do not belong together.")
    for one in old.objects("signatures"):
        one.raw("key", 32)
        one.raw("sig", 64)
    return succession


def require(old_genesis: bytes, genesis: bytes, changes: Iterable[bytes] = ()) -> int:
    """Return how many recovery keys of the old log signed that this one follows it.

    `changes` are the leaves by which the old log changed its keys, in their order.
    None signed only where the old log asked for none: then nobody proves it.
    """
    succession = read(genesis)
    if succession is None:
        raise Invalid(_CODE, "This log is its host's first: it follows no other.")
    old, old_body = _genesis(old_genesis)
    if old.log != succession.previous:
        raise Invalid(_CODE, "The log follows another one than this.")
    new_body = _genesis(genesis)[1]
    try:
        pins = [VKey.parse(text) for text in old_body.texts("keys")]
        keys = rotation.reached(pins, old.log, [old_genesis, *changes])
        checkpoint.open(succession.note.encode(), keys)
        said, named = new_body.inner("previous"), recovery.named(old_body)
        return recovery.count(named, said, succession.message)
    except Invalid as error:
        raise Invalid(_CODE, error.text) from error


def _genesis(leaf: bytes) -> tuple[Clear, Shape]:
    try:
        found = entry.read_leaf(leaf)
    except Invalid as error:
        raise Invalid(_CODE, error.text) from error
    if not isinstance(found, Clear) or (found.kind, found.seq) != ("genesis", 0):
        raise Invalid(_CODE, "This is not the first leaf of a log.")
    return found, Shape(found.body, _CODE)


def _read(shape: Shape, log: str, key: str, old: str) -> Succession:
    try:
        vkey = VKey.parse(key)
        if vkey.type == ED25519:
            author.check_key(vkey.key)
        found = Succession(log=log, key=vkey, previous=old, note=shape.text("note"))
        ended, next_ = found.end.origin, origins.following(old)
    except Invalid as error:
        raise Invalid(_CODE, error.text) from error
    if vkey.name != log or vkey.type not in {ED25519, ML_DSA}:
        raise Invalid(_CODE, "The key is not one by which this log could sign.")
    if (ended, next_) != (old, log):
        raise Invalid(_CODE, "The names of the two logs do not fit together.")
    return found
