"""Requests signed by hand, to the letter: what no library of ours would write."""

from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from federation.signatures.message import http_date
from tests.support.stranger import ACTIVITY, Stranger, rsa_key

USUAL = '"@method" "@target-uri" "content-digest"'
OLDER = "(request-target) host date digest"
Sign = Callable[[bytes], bytes]


def b64(raw: bytes) -> str:
    """Return base64, as fields have it."""
    return b64encode(raw).decode()


def by_rsa(base: bytes) -> bytes:
    """Sign with the first RSA key of a stranger."""
    return rsa_key(1).sign(base, PKCS1v15(), SHA256())


def newer(
    eve: Stranger,
    body: bytes,
    inner: str = USUAL,
    digest: str = "",
    **parameters: object,
) -> list[tuple[str, str]]:
    """Return the fields of a request by the newer profile that covers just this."""
    digest = digest or f"sha-256=:{b64(sha256(body).digest())}:"
    said = {
        "created": int(eve.village.now.timestamp()),
        "keyid": f'"{eve.key_id}"',
        **parameters,
    }
    text = f"({inner})" + "".join(f";{name}={it}" for name, it in said.items())
    values = {
        "@method": "POST",
        "@target-uri": "https://ash.example/ap/inbox",
        "@authority": "ash.example",
        "@path": "/ap/inbox",
        "content-digest": digest,
        "content-type": ACTIVITY,
    }
    covered = [(part, part.partition(";")[0].strip('"')) for part in inner.split()]
    lines = [f"{part}: {values[name]}" for part, name in covered]
    base = "\n".join([*lines, f'"@signature-params": {text}']).encode()
    return [
        ("Content-Type", ACTIVITY),
        ("Content-Digest", digest),
        ("Signature-Input", f"sig1={text}"),
        ("Signature", f"sig1=:{b64(by_rsa(base))}:"),
    ]


def older(
    eve: Stranger,
    body: bytes,
    names: str = OLDER,
    sign: Sign = by_rsa,
    **said: str,
) -> list[tuple[str, str]]:
    """Return the fields of a request by the older profile that covers these names."""
    date = http_date(eve.village.now)
    digest = said.get("digest", f"SHA-256={b64(sha256(body).digest())}")
    values = {
        "(request-target)": "post /ap/inbox",
        "host": "ash.example",
        "date": date,
        "digest": digest,
    }
    base = "\n".join(f"{name}: {values[name]}" for name in names.split()).encode()
    signature = (
        f'keyId="{said.get("key_id", eve.key_id)}",'
        f'algorithm="{said.get("algorithm", "rsa-sha256")}",'
        f'headers="{names}",signature="{b64(sign(base))}"'
    )
    return [
        ("Content-Type", ACTIVITY),
        ("Date", date),
        ("Digest", digest),
        ("Signature", signature),
    ]


def rsa_pem(bits: int, exponent: int) -> str:
    """Return the PEM of an RSA key that no library makes any more."""
    modulus = (1 << bits - 1) | int.from_bytes(sha256(b"n").digest(), "big") | 1
    key = _part(0x30, _integer(modulus) + _integer(exponent))
    rsa = _part(0x30, bytes.fromhex("06092a864886f70d0101010500"))
    text = b64(_part(0x30, rsa + _part(3, b"\0" + key)))
    return f"-----BEGIN PUBLIC KEY-----\n{text}\n-----END PUBLIC KEY-----\n"


def _integer(number: int) -> bytes:
    return _part(2, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def _part(tag: int, value: bytes) -> bytes:
    size = len(value)
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    long = bytes([0x80 + len(octets)]) + octets
    return bytes([tag]) + (bytes([size]) if size < 0x80 else long) + value
