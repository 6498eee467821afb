"""Recovery keys: named in a log's first leaf, kept apart from the node, heard together.

What they sign goes to them as a file and comes back as another.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from ledger.encoding import Json, b64u, canonical, parse
from ledger.errors import Invalid
from ledger.shapes import Shape

SIGNATURE = "folkmoot.recovery/1"
_IN_SIGNATURE = frozenset({"t", "key", "sig"})
_CODE = "revocation-malformed"


@dataclass(frozen=True, slots=True)
class Recovery:
    """So many of these keys must sign; the first leaf may name none."""

    m: int = 0
    keys: tuple[bytes, ...] = ()


def named(genesis: Shape) -> Recovery:
    """Return the recovery keys that the body of a log's first leaf names."""
    shape = genesis.inner("recovery")
    texts = shape.texts("keys")
    keys = [Shape({"key": text}, shape.code).raw("key", 32) for text in texts]
    return Recovery(shape.number("m"), tuple(keys))


def word(message: bytes, key: Ed25519PrivateKey) -> bytes:
    """Return the file with what one recovery key signed."""
    public = key.public_key().public_bytes_raw()
    signed = {"t": SIGNATURE, "key": b64u(public), "sig": b64u(key.sign(message))}
    return canonical({**signed})


def read_signature(raw: bytes) -> tuple[bytes, bytes]:
    """Return a recovery key and what it signed; says nothing about whether it did."""
    shape = Shape(parse(raw), _CODE)
    shape.require(SIGNATURE, _IN_SIGNATURE)
    return shape.raw("key", 32), shape.raw("sig", 64)


def written(signatures: Iterable[tuple[bytes, bytes]]) -> list[Json]:
    """Return recovery keys and what they signed, as clear leaves have them."""
    return [{"key": b64u(key), "sig": b64u(sig)} for key, sig in signatures]


def count(recovery: Recovery, shape: Shape, message: bytes) -> int:
    """Return how many recovery keys signed; refuse a foreign one, or too few."""
    by: set[bytes] = set()
    for one in shape.objects("signatures"):
        key, sig = one.raw("key", 32), one.raw("sig")
        if key not in recovery.keys or not _holds(key, sig, message):
            raise Invalid(shape.code, "A signature is by no recovery key of this log.")
        by.add(key)
    if len(by) < recovery.m:
        raise Invalid(shape.code, "Too few recovery keys signed.")
    return len(by)


def _holds(key: bytes, sig: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(sig, message)
    except InvalidSignature:
        return False
    return True
