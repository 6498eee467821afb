"""One public key of another node: RSA or Ed25519, and good enough to be believed.

Weak keys are refused before anything is verified with them.
"""

import re
from binascii import Error, a2b_base64
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, TypeAlias

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)

from federation.errors import KeyRefused
from federation.multibase import unmultikey
from ledger.author import check_key
from ledger.errors import Invalid

Kind: TypeAlias = Literal["rsa", "ed25519"]

SMALLEST, LARGEST = 2048, 8192
_LONGEST_PEM = 2_000
_LEAST_EXPONENT, _MOST_EXPONENT = 65_537, 2**32
_ED25519 = 32
_PEM = re.compile(
    r"\s*-----BEGIN (RSA )?PUBLIC KEY-----\s+"
    r"([A-Za-z0-9+/=\s]+)"
    r"-----END (RSA )?PUBLIC KEY-----\s*",
    re.ASCII,
)
_PADDING, _HASH = PKCS1v15(), SHA256()


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that was found good: making one checks it, at some cost the first time."""

    id: str
    owner: str
    kind: Kind
    #: The 32 bytes, or PKCS#1 in DER.
    raw: bytes = field(repr=False)
    _key: RSAPublicKey | Ed25519PublicKey = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Check the key, and give it its one spelling."""
        if self.kind == "ed25519":
            object.__setattr__(self, "_key", _ed25519(self.raw))
            return
        raw, key = _rsa(self.raw)
        object.__setattr__(self, "raw", raw)
        object.__setattr__(self, "_key", key)

    def verify(self, signature: bytes, message: bytes) -> bool:
        """Say whether this is the key's signature over exactly these bytes."""
        try:
            if isinstance(self._key, RSAPublicKey):
                self._key.verify(signature, message, _PADDING, _HASH)
            else:
                self._key.verify(signature, message)
        except InvalidSignature:
            return False
        return True


@lru_cache(maxsize=1024)
def _ed25519(raw: bytes) -> Ed25519PublicKey:
    # Small-order and mixed-order keys accept signatures that nobody made.
    try:
        if len(raw) == _ED25519:
            check_key(raw)
            return Ed25519PublicKey.from_public_bytes(raw)
    except Invalid as error:
        raise KeyRefused(
            "The Ed25519 key is one that anybody can sign with."
        ) from error
    raise KeyRefused("An Ed25519 key has 32 bytes.")


@lru_cache(maxsize=1024)
def _rsa(der: bytes) -> tuple[bytes, RSAPublicKey]:
    try:
        key = load_der_public_key(der)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KeyRefused("This is no public key that can be read.") from error
    if not isinstance(key, RSAPublicKey):
        raise KeyRefused("Keys in PEM are RSA keys.")
    numbers = key.public_numbers()
    exponent = _LEAST_EXPONENT <= numbers.e < _MOST_EXPONENT
    if not SMALLEST <= key.key_size <= LARGEST or not numbers.n % 2 or not exponent:
        raise KeyRefused("An RSA key has 2,048 to 8,192 bits and a usual exponent.")
    return key.public_bytes(Encoding.DER, PublicFormat.PKCS1), key


def read_pem(pem: str, *, id: str, owner: str) -> PublicKey:  # noqa: A002 - its name
    """Read the RSA key of a `publicKeyPem`; refuse any other and all that is weak."""
    # Larger keys are refused by their length: parsing them is what costs.
    found = _PEM.fullmatch(pem) if len(pem) <= _LONGEST_PEM else None
    if found is None or found[1] != found[3]:
        raise KeyRefused("This is not one public key in PEM.")
    try:
        der = a2b_base64("".join(found[2].split()), strict_mode=True)
    except Error as error:
        raise KeyRefused("The PEM is not base64.") from error
    return PublicKey(id, owner, "rsa", der)


def read_multikey(text: str, *, id: str, owner: str) -> PublicKey:  # noqa: A002 - its name
    """Read an Ed25519 or RSA key in its Multikey spelling (FEP-521a)."""
    kind, raw = unmultikey(text)
    if kind == "x25519":
        raise KeyRefused("A key for sealing signs nothing.")
    return PublicKey(id, owner, kind, raw)
