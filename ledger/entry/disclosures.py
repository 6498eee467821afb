"""Fields of a statement that can be shown one by one (the shape of RFC 9901).

The statement holds salted digests; whoever is shown a disclosure can check it, and who
is not learns nothing, not even which of two values it was.
"""

from dataclasses import dataclass
from hashlib import sha256

from ledger.encoding import Json, b64u, canonical, loads, unb64u
from ledger.errors import Invalid

SALT = 16
#: A longer value stands beside the entry, and its length and hash in it.
LONGEST_VALUE = 4_096
#: All disclosures of one entry together.
MOST_DISCLOSED = 65_536


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One field, opened."""

    salt: bytes
    name: str
    value: Json


def disclose(salt: bytes, name: str, value: Json) -> str:
    """Return the disclosure D of one field."""
    if len(salt) != SALT:
        raise Invalid("disclosure-malformed", f"A salt has {SALT} bytes.")
    if len(canonical(value)) > LONGEST_VALUE:
        raise Invalid("disclosure-malformed", "A value is too long to stand here.")
    return b64u(canonical([b64u(salt), name, value]))


def digest(disclosure: str) -> bytes:
    """Return what a statement holds of a disclosure."""
    return sha256(disclosure.encode()).digest()


def read_disclosure(disclosure: str) -> Disclosure:
    """Open a disclosure."""
    raw = unb64u(disclosure)
    match loads(raw):
        case [str(salt), str(name), value]:
            # Most disclosures are shorter than a value may be: then nothing to count.
            if len(raw) > LONGEST_VALUE and len(canonical(value)) > LONGEST_VALUE:
                raise Invalid("disclosure-malformed", "A value is too long.")
            return Disclosure(unb64u(salt, SALT), name, value)
        case _:
            raise Invalid("disclosure-malformed", "This is not a disclosure.")
