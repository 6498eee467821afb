"""The short forms of a receipt: a line to show, and words to say on the telephone.

They find an entry and let two people compare it; only the file proves it.
"""

from collections.abc import Sequence

from ledger.errors import Invalid

WORDS = 8
_BITS = 11


def seal(index: int, c: bytes) -> str:
    """Return the seal line: where the entry stands, and how its commitment begins."""
    return f"#{index} {c[:2].hex()} {c[2:4].hex()}"


def words(c: bytes, wordlist: Sequence[str]) -> tuple[str, ...]:
    """Return the first 88 bits of a commitment as eight words."""
    if len(wordlist) != 1 << _BITS:
        raise Invalid("wordlist", f"A list of words has {1 << _BITS} of them.")
    bits = int.from_bytes(c[: WORDS * _BITS // 8], "big")
    places = range(_BITS * (WORDS - 1), -1, -_BITS)
    return tuple([wordlist[bits >> at & (1 << _BITS) - 1] for at in places])
