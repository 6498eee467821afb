"""Replacing a lost or stolen log key: what is asked of recovery keys, and their word.

They sign the other request that there is, that a log follows one which ended, by the
same function.
"""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger import succession
from ledger.encoding import b64, canonical, parse
from ledger.errors import Invalid
from ledger.recovery import SIGNATURE, read_signature, word
from ledger.rotation import Change
from ledger.shapes import Shape
from ledger.succession import Succession
from ledger.vkeys import VKey

__all__ = [
    "REQUEST",
    "SIGNATURE",
    "asked",
    "read_request",
    "read_signature",
    "request",
    "sign",
    "tell",
]

REQUEST = "folkmoot.revocation/1"
_IN_REQUEST = frozenset({"t", "log", "old", "new", "overlap_until"})
_CODE = "revocation-malformed"


def request(change: Change) -> bytes:
    """Return the file that says which key is to replace which."""
    return canonical(
        {
            "t": REQUEST,
            "log": change.log,
            "old": str(change.old),
            "new": str(change.new),
            "overlap_until": change.overlap_until,
        }
    )


def read_request(raw: bytes) -> Change:
    """Read that file."""
    shape = Shape(parse(raw), _CODE)
    shape.require(REQUEST, _IN_REQUEST)
    try:
        old, new = VKey.parse(shape.text("old")), VKey.parse(shape.text("new"))
    except Invalid as error:
        raise Invalid(_CODE, error.text) from error
    return Change(
        log=shape.text("log"),
        old=old,
        new=new,
        overlap_until=shape.number("overlap_until"),
    )


def asked(raw: bytes) -> Change | Succession:
    """Read a request of either kind: to replace a key, or to follow an ended log."""
    if parse(raw).get("t") == succession.REQUEST:
        return succession.read_request(raw)
    return read_request(raw)


def tell(raw: bytes) -> str:
    """Say what a request asks for, to whoever is to sign it."""
    told = asked(raw)
    if isinstance(told, Change):
        return f"{told.log}: {told.new} replaces {told.old}"
    end = told.end
    return (
        f"{told.log}, signed by {told.key}, follows {told.previous}, "
        f"which ended with {end.size} entries and the root {b64(end.root)}"
    )


def sign(raw: bytes, key: Ed25519PrivateKey) -> bytes:
    """Return the word of one recovery key on a request of either kind."""
    told = asked(raw)
    message = told.revocation if isinstance(told, Change) else told.message
    return word(message, key)
