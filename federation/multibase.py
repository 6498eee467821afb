"""Keys as short text: base58btc and Multikey.

A byte string has one spelling; what decodes only after repair is refused.
"""

from typing import Literal, TypeAlias

from federation.errors import KeyRefused

Kind: TypeAlias = Literal["rsa", "ed25519", "x25519"]

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)}
#: Base58 costs the square of its length. The largest RSA key we take has 1,421.
_LONGEST = 1_500
#: Multicodec, as the varint that stands before the bytes.
_PREFIXES: dict[Kind, bytes] = {
    "rsa": b"\x85\x24",
    "ed25519": b"\xed\x01",
    "x25519": b"\xec\x01",
}
_X25519 = 32
_P = 2**255 - 19
#: Points of small order (RFC 7748, 6.1): with them the shared secret is always zero.
_SMALL = frozenset(
    {
        0,
        1,
        _P - 1,
        325606250916557431795983626356110631294008115727848805560023387167927233504,
        39382357235489614581723060781553021112529911719440698176882885853963445705823,
    }
)


def base58(raw: bytes) -> str:
    """Return bytes in base58btc, without a multibase prefix."""
    number = int.from_bytes(raw, "big")
    letters: list[str] = []
    while number:
        number, value = divmod(number, 58)
        letters.append(_ALPHABET[value])
    zeros = len(raw) - len(raw.lstrip(b"\0"))
    return "1" * zeros + "".join(reversed(letters))


def unbase58(text: str) -> bytes:
    """Return the bytes of base58btc, or refuse what is none."""
    if len(text) > _LONGEST or not _VALUES.keys() >= set(text):
        raise KeyRefused("This is not base58.")
    number = 0
    for letter in text:
        number = number * 58 + _VALUES[letter]
    raw = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return b"\0" * (len(text) - len(text.lstrip("1"))) + raw


def multikey(raw: bytes, kind: Literal["ed25519", "x25519"]) -> str:
    """Return a public key as Multikey text, `z6Mk...` or `z6LS...`."""
    return "z" + base58(_PREFIXES[kind] + raw)


def unmultikey(text: str) -> tuple[Kind, bytes]:
    """Return what kind of key a Multikey text holds, and its bytes."""
    if not text.startswith("z"):
        raise KeyRefused("A Multikey is written in base58.")
    raw = unbase58(text[1:])
    for kind, prefix in _PREFIXES.items():
        if raw.startswith(prefix):
            return kind, raw[len(prefix) :]
    raise KeyRefused("This is no kind of key that we know.")


def read_x25519(text: str) -> bytes:
    """Return the 32 bytes of a key to seal to; refuse one that seals nothing."""
    kind, raw = unmultikey(text)
    if kind != "x25519" or len(raw) != _X25519:
        raise KeyRefused("This is not a key for sealing.")
    # RFC 7748, 5: the last bit is ignored, and larger numbers wrap around.
    point = (int.from_bytes(raw, "little") & (1 << 255) - 1) % _P
    if point in _SMALL:
        raise KeyRefused("Whatever is sealed to this key, anybody can open.")
    return raw
