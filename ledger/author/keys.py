"""Author keys: their names, which of them may be registered, and their signatures.

Signatures are checked by `cryptography` alone, since libraries judge edge cases
differently; a key on which they could differ is refused before it is registered.
"""

from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from ledger.encoding import b64u
from ledger.errors import Invalid

ED25519, P256 = 32, 65

# The curve of RFC 8032: -x^2 + y^2 = 1 + d x^2 y^2 modulo p; L is its prime order.
_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)

#: x, y, z and t = xy/z: the extended coordinates of RFC 8032, 5.1.4.
_Point = tuple[int, int, int, int]
_IDENTITY: _Point = (0, 1, 1, 0)


def key_id(pub: bytes) -> str:
    """Return the short name of an author's key."""
    return b64u(sha256(b"folkmoot/key/v1\0" + pub).digest()[:16])


def check_key(pub: bytes) -> None:
    """Refuse a key that must not be registered, because it could sign for anybody.

    Costs a few milliseconds; keys are registered once, and not checked on each use.
    """
    if len(pub) == P256 and pub[0] == 4:  # noqa: PLR2004 - SEC 1: uncompressed
        _p256(pub)
    elif len(pub) != ED25519 or not _strong(pub):
        raise Invalid("key-weak", "This key is not one that we accept.")


def _p256(pub: bytes) -> EllipticCurvePublicKey:
    if len(pub) != P256:  # the library would read a compressed point as well
        raise Invalid("key-weak", "This key is not a point of 65 bytes.")
    try:
        return EllipticCurvePublicKey.from_encoded_point(SECP256R1(), pub)
    except ValueError as error:
        raise Invalid("key-weak", "This key is not a point on its curve.") from error


def _strong(pub: bytes) -> bool:
    point = _point(pub)
    return (
        point is not None
        and not _same(_times(8, point), _IDENTITY)
        and _same(_times(_L, point), _IDENTITY)
    )


def _point(pub: bytes) -> _Point | None:
    # RFC 8032, 5.1.3
    y = int.from_bytes(pub, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= _P:
        return None
    u, v = (y * y - 1) % _P, (_D * y * y + 1) % _P
    x = u * v**3 * pow(u * v**7, (_P - 5) // 8, _P) % _P
    if (v * x * x - u) % _P:
        x = x * _ROOT % _P
    if (v * x * x - u) % _P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = _P - x
    return x, y, 1, x * y % _P


def _times(factor: int, point: _Point) -> _Point:
    total = _IDENTITY
    while factor:
        if factor & 1:
            total = _add(total, point)
        point, factor = _add(point, point), factor >> 1
    return total


def _add(one: _Point, other: _Point) -> _Point:
    # RFC 8032, 5.1.4
    x1, y1, z1, t1 = one
    x2, y2, z2, t2 = other
    a, b = (y1 - x1) * (y2 - x2) % _P, (y1 + x1) * (y2 + x2) % _P
    c, d = 2 * t1 * t2 * _D % _P, 2 * z1 * z2 % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _same(one: _Point, other: _Point) -> bool:
    x1, y1, z1, _ = one
    x2, y2, z2, _ = other
    return (x1 * z2 - x2 * z1) % _P == 0 and (y1 * z2 - y2 * z1) % _P == 0


def ed25519(pub: bytes, sig: bytes, message: bytes) -> None:
    """Raise unless this is the Ed25519 key's signature."""
    try:
        Ed25519PublicKey.from_public_bytes(pub).verify(sig, message)
    except (ValueError, InvalidSignature) as error:
        raise Invalid("statement-unsigned", "The signature does not hold.") from error


def es256(pub: bytes, sig: bytes, message: bytes) -> None:
    """Raise unless this is the P-256 key's signature, as r and s of 32 bytes each."""
    if len(sig) != 64:  # noqa: PLR2004 - IEEE P1363
        raise Invalid("statement-unsigned", "The signature has the wrong length.")
    r, s = int.from_bytes(sig[:32], "big"), int.from_bytes(sig[32:], "big")
    es256_der(pub, encode_dss_signature(r, s), message)


def es256_der(pub: bytes, sig: bytes, message: bytes) -> None:
    """Raise unless this is the P-256 key's signature, in DER."""
    try:
        _p256(pub).verify(sig, message, ECDSA(SHA256()))
    except InvalidSignature as error:
        raise Invalid("statement-unsigned", "The signature does not hold.") from error
