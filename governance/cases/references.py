"""References: what people read out on the telephone to name a case.

Two letters of the community, six random characters, one check character, all from
Crockford's alphabet. Any one wrong character, and any two swapped, are noticed.
"""

from governance.errors import ReferenceInvalid

#: How many bytes of chance `reference` takes.
RANDOM_BYTES = 4

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_BODY, _PREFIX = 6, 2
_MISREAD = str.maketrans("OIL", "011")
_SPARE = "XX"


def reference(prefix: str, random: bytes) -> str:
    """Return a new reference, such as `EM-7KQ2M8V`, from four bytes of chance."""
    number = int.from_bytes(random[:RANDOM_BYTES], "big")
    body = "".join(_ALPHABET[number >> 5 * place & 31] for place in range(_BODY))
    return f"{prefix}-{body}{_check(prefix + body)}"


def check_reference(text: str) -> str:
    """Return a reference as it was given out, however it was typed; or refuse it."""
    typed = "".join(sign for sign in text.upper() if sign.isalnum())
    prefix, rest = typed[:_PREFIX], typed[_PREFIX:].translate(_MISREAD)
    known = all(sign in _ALPHABET for sign in prefix + rest)
    if len(rest) != _BODY + 1 or not known or _check(prefix + rest[:-1]) != rest[-1]:
        raise ReferenceInvalid("This is not one of our references. Check each letter.")
    return f"{prefix}-{rest}"


def prefix_of(name: str) -> str:
    """Return the two letters that references of a community begin with.

    The first letters of its first words, else the first of its name; letters that
    are mistaken for digits are passed over.
    """
    words = [_letters(word) for word in name.upper().replace("-", " ").split()]
    initials = "".join(word[0] for word in words if word)
    return ((initials if len(initials) > 1 else "".join(words)) + _SPARE)[:_PREFIX]


def _letters(word: str) -> str:
    return "".join(sign for sign in word if sign in _ALPHABET and sign.isalpha())


def _check(text: str) -> str:
    # A polynomial over GF(32). Crockford's own check character, modulo 37, needs five
    # signs outside the alphabet, which nobody can say; this one does not.
    total = 0
    for sign in text:
        total = (total ^ _ALPHABET.index(sign)) << 1
        total ^= 0b100101 if total & 32 else 0
    return _ALPHABET[total]
