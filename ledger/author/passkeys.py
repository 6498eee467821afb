"""What a passkey signs: our message, the site it was on, and that somebody unlocked it.

A browser adds these facts and nobody can leave them out; all of them are checked.
"""

from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256

from ledger.encoding import b64u, decode
from ledger.errors import Invalid

_LEAST_AUTH = 37
_PRESENT_AND_VERIFIED = 0x01 | 0x04


@dataclass(frozen=True, slots=True)
class Passkey:
    """What a passkey signs besides the statement."""

    #: authenticatorData and the bytes of clientDataJSON.
    auth: bytes
    client: bytes
    #: The host that the passkey belongs to.
    rp: str


def ceremony(message: bytes, passkey: Passkey, rp: Collection[str]) -> bytes:
    """Return what the passkey signed, if it was asked for this message on our site."""
    # WebAuthn Level 3, 7.2, reduced to what a signature over a statement needs.
    asked = b64u(sha256(message).digest())
    match decode(passkey.client):
        case {"type": "webauthn.get", "challenge": str(challenge), "origin": str(by)}:
            pass
        case _:
            raise Invalid("passkey", "The passkey was asked for something else.")
    if challenge != asked:
        raise Invalid("passkey", "The passkey signed another statement.")
    if passkey.rp not in rp or by != f"https://{passkey.rp}":
        raise Invalid("passkey", "The passkey was used on another site.")
    auth = passkey.auth
    if len(auth) < _LEAST_AUTH or auth[:32] != sha256(passkey.rp.encode()).digest():
        raise Invalid("passkey", "The passkey belongs to another site.")
    if auth[32] & _PRESENT_AND_VERIFIED != _PRESENT_AND_VERIFIED:
        raise Invalid("passkey", "Nobody unlocked the passkey.")
    return auth + sha256(passkey.client).digest()
