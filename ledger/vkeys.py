"""Verifier keys (C2SP signed-note): a name, a kind, and the public half.

The name is part of the key's id: a key that signs under two names is two keys.
"""

import re
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Self, TypeAlias

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.asymmetric.mldsa import (
    MLDSA44PrivateKey,
    MLDSA44PublicKey,
)

from ledger.encoding import b64, unb64
from ledger.errors import Invalid

ED25519, COSIGNATURE, ML_DSA = 0x01, 0x04, 0x06
ID = 4

PublicKey: TypeAlias = Ed25519PublicKey | MLDSA44PublicKey
PrivateKey: TypeAlias = Ed25519PrivateKey | MLDSA44PrivateKey

#: What a key of each type is made from.
_READERS: dict[int, type[PublicKey]] = {
    ED25519: Ed25519PublicKey,
    COSIGNATURE: Ed25519PublicKey,
    ML_DSA: MLDSA44PublicKey,
}
_SIZES = {ED25519: 32, COSIGNATURE: 32, ML_DSA: 1312}
_ID = re.compile(r"[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class VKey:
    """A key whose signatures we can check, and the name it signs under."""

    name: str
    type: int
    key: bytes
    #: The four bytes that stand before each of its signatures.
    id: bytes = field(init=False, repr=False)
    public: PublicKey = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make the key ready, once, for every signature that follows."""
        require_name(self.name)
        if _SIZES.get(self.type) != len(self.key):
            raise Invalid("vkey", "This is no kind of verifier key that we know.")
        public = _READERS[self.type].from_public_bytes(self.key)
        hashed = self.name.encode() + b"\n" + bytes([self.type]) + self.key
        object.__setattr__(self, "id", sha256(hashed).digest()[:ID])
        object.__setattr__(self, "public", public)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `name+id+base64`; the last part may hold further plus signs."""
        name, _, rest = text.partition("+")
        id_, _, coded = rest.partition("+")
        key = unb64(coded)
        if not key or not _ID.fullmatch(id_):
            raise Invalid("vkey", "This is not a verifier key.")
        vkey = cls(name, key[0], key[1:])
        if vkey.id.hex() != id_:
            raise Invalid("vkey", "The name and the key do not belong together.")
        return vkey

    def __str__(self) -> str:
        """Return the text that `parse` reads."""
        return f"{self.name}+{self.id.hex()}+{b64(bytes([self.type]) + self.key)}"

    def holds(self, signature: bytes, message: bytes) -> bool:
        """Say whether this is the key's signature over exactly these bytes."""
        try:
            self.public.verify(signature, message)
        except InvalidSignature:
            return False
        return True


def require_name(name: str) -> None:
    """Refuse what cannot be a key's name."""
    if not name or "+" in name or any(it < " " or it.isspace() for it in name):
        raise Invalid("vkey", "A key's name has no spaces and no plus sign.")
    try:
        name.encode()
    except UnicodeEncodeError as error:
        raise Invalid("vkey", "A key's name is UTF-8.") from error


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key and the name it signs under."""

    name: str
    type: int
    key: PrivateKey = field(repr=False)
    vkey: VKey = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Work out the verifier key once."""
        public = self.key.public_key().public_bytes_raw()
        object.__setattr__(self, "vkey", VKey(self.name, self.type, public))
