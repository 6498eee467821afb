"""How a log changes its key, and how one pinned key leads to the next.

In a rotation both keys sign. A key that was lost or stolen is revoked instead, by as
many of the recovery keys as the log's first leaf asks for.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ledger import author, entry, recovery
from ledger.encoding import Json, b64u, canonical
from ledger.entry import Clear
from ledger.errors import Invalid
from ledger.note import ED25519, ML_DSA, Signer, VKey
from ledger.recovery import Recovery
from ledger.shapes import Shape

#: More changes of a key than these are followed by nobody.
MOST = 64
_CODE = "rotation"
_KINDS = frozenset({"genesis", "key.rotate", "key.revoke"})
_COMMON = frozenset({"old", "new", "overlap_until", "sig_new"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One key of a log gives way to another."""

    log: str
    old: VKey
    new: VKey
    #: Until then both sign checkpoints; in milliseconds.
    overlap_until: int

    @property
    def rotation(self) -> bytes:
        """What both keys sign."""
        return b"folkmoot/rotate/v1\0" + canonical(self._members | {"log": self.log})

    @property
    def revocation(self) -> bytes:
        """What the new key and the recovery keys sign."""
        return b"folkmoot/revoke/v1\0" + canonical(self._members | {"log": self.log})

    @property
    def _members(self) -> dict[str, Json]:
        return {
            "old": str(self.old),
            "new": str(self.new),
            "overlap_until": self.overlap_until,
        }

    def body(self, signed: Mapping[str, Json]) -> dict[str, Json]:
        """Return the body of the clear leaf that announces the change."""
        return {**self._members, **signed}


def rotate(change: Change, old: Signer, new: Signer) -> dict[str, Json]:
    """Return the body of `key.rotate`."""
    return change.body(
        {
            "sig_old": b64u(old.key.sign(change.rotation)),
            "sig_new": b64u(new.key.sign(change.rotation)),
        }
    )


def revoke(
    change: Change, new: Signer, signatures: Iterable[tuple[bytes, bytes]]
) -> dict[str, Json]:
    """Return the body of `key.revoke`.

    `signatures` are recovery keys and what they signed, which they did elsewhere.
    """
    given = recovery.written(signatures)
    sig_new = b64u(new.key.sign(change.revocation))
    return change.body({"sig_new": sig_new, "signatures": given})


_NONE = Recovery()


def walk(pin: VKey, leaves: Iterable[bytes]) -> list[VKey]:
    """Return the log keys that a pinned one leads to, itself included unless revoked.

    The leaves must be shown to be the log's, in its order; the first one tells the
    recovery keys. A revoked key is gone, with all that it named.
    """
    keys = [pin]
    named: Recovery | None = None
    for leaf in leaves:
        found = read_change(leaf)
        if found is None or found.log != pin.name:
            continue
        shape = Shape(found.body, _CODE)
        if found.kind == "genesis":
            named = recovery.named(shape) if named is None else named
            continue
        if shape.text("old") not in [str(key) for key in keys]:
            continue  # it was made before this pin, or by a key that is gone
        change = _change(shape, found)
        if found.kind == "key.rotate":
            _require_rotation(shape, change)
        else:
            _require_revocation(shape, change, named or _NONE)
            del keys[keys.index(change.old) :]
        keys.append(change.new)
        if len(keys) > MOST:
            raise Invalid(_CODE, f"The log changed its key more than {MOST} times.")
    return keys


def read_change(leaf: bytes) -> Clear | None:
    """Return a clear leaf that says something about the log's keys, or None."""
    if leaf[:1] != b"\0" or not any(kind.encode() in leaf for kind in _KINDS):
        return None
    try:
        found = entry.read_leaf(leaf)
    except Invalid:
        return None
    return found if isinstance(found, Clear) and found.kind in _KINDS else None


def _change(shape: Shape, found: Clear) -> Change:
    own = {"sig_old"} if found.kind == "key.rotate" else {"signatures"}
    if shape.given.keys() != _COMMON | own:
        raise Invalid(_CODE, "The change of a key has members too many, or too few.")
    try:
        old, new = VKey.parse(shape.text("old")), VKey.parse(shape.text("new"))
        if new.type == ED25519:
            author.check_key(new.key)
    except Invalid as error:
        raise Invalid(_CODE, error.text) from error
    if {old.name, new.name} != {found.log} or new.type not in {ED25519, ML_DSA}:
        raise Invalid(_CODE, "The key is not one by which this log could sign.")
    until = shape.number("overlap_until")
    return Change(log=found.log, old=old, new=new, overlap_until=until)


def _require_rotation(shape: Shape, change: Change) -> None:
    old = change.old.holds(shape.raw("sig_old"), change.rotation)
    if not old or not change.new.holds(shape.raw("sig_new"), change.rotation):
        raise Invalid(_CODE, "A key was changed without the word of both keys.")


def _require_revocation(shape: Shape, change: Change, named: Recovery) -> None:
    if not change.new.holds(shape.raw("sig_new"), change.revocation):
        raise Invalid(_CODE, "The new key did not sign that it replaces another.")
    # A log that named no recovery keys cannot revoke; nobody's word is not enough.
    if not recovery.count(named, shape, change.revocation):
        raise Invalid(_CODE, "No recovery key signed.")


def reached(pins: Sequence[VKey], origin: str, leaves: Sequence[bytes]) -> list[VKey]:
    """Return all keys of a log that these pinned ones lead to."""
    return [key for pin in pins if pin.name == origin for key in walk(pin, leaves)]
