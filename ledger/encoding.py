"""Canonical JSON, strict base64 and decimal numbers.

A value has exactly one spelling here; bytes in any other spelling are refused, so
nobody can change a byte of what was signed and have it read the same.
"""

import json
import re
from binascii import Error, a2b_base64, b2a_base64
from typing import NoReturn, TypeAlias

from ledger.errors import Invalid

Json: TypeAlias = "str | int | list[Json] | dict[str, Json] | None"

#: The most that a statement, a proof, an entry or a clear leaf may take.
LIMIT = 8_192
LARGEST = 2**53 - 1
DEEPEST = 8
#: Sizes and times are unsigned 64-bit numbers on the wire; we stay below the sign.
LARGEST_NUMBER = 2**63 - 1

_KEY = re.compile(r"[A-Za-z0-9_.:/-]+")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


def canonical(value: Json, *, limit: int = LIMIT) -> bytes:
    """Return the one spelling of a value (RFC 8785), or refuse what has none."""
    _profile(value, DEEPEST)
    text = _ENCODER.encode(value)
    try:
        raw = text.encode()
    except UnicodeEncodeError as error:
        raise Invalid("json-profile", "A text holds half a character.") from error
    if len(raw) > limit:
        raise Invalid("json-too-long", f"This JSON has more than {limit} bytes.")
    return raw


def _profile(value: object, depth: int) -> None:
    if isinstance(value, str) or value is None:
        return
    if isinstance(value, int):
        if abs(value) > LARGEST:
            raise Invalid("json-profile", "A number is too large.")
        return
    if not isinstance(value, list | dict) or depth == 0:
        raise Invalid("json-profile", "This JSON holds what our profile does not.")
    if isinstance(value, list):
        for part in value:
            _profile(part, depth - 1)
        return
    for key, part in value.items():
        if not _KEY.fullmatch(key):
            raise Invalid("json-profile", "A member has a name we do not allow.")
        _profile(part, depth - 1)


def loads(raw: bytes, *, limit: int = LIMIT) -> Json:
    """Read canonical JSON of any shape, and nothing else."""
    if len(raw) > limit:
        raise Invalid("json-too-long", f"This JSON has more than {limit} bytes.")
    value = decode(raw)
    if canonical(value, limit=limit) != raw:
        raise Invalid("not-canonical", "This JSON is not in its canonical form.")
    return value


def decode(raw: bytes) -> Json:
    """Read JSON that a browser wrote: any spelling, but no key twice, no fractions."""
    try:
        value: Json = _DECODER.decode(raw.decode())
    except (ValueError, RecursionError) as error:
        raise Invalid("json-malformed", "This is not JSON as we read it.") from error
    return value


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _refuse(literal: str) -> NoReturn:
    raise ValueError(literal)


# Made once: `json.loads` and `json.dumps` would make them anew for each value.
_ENCODER = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, check_circular=False
)
_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique, parse_float=_refuse, parse_constant=_refuse
)


def parse(raw: bytes, *, limit: int = LIMIT) -> dict[str, Json]:
    """Read one canonical JSON object."""
    value = loads(raw, limit=limit)
    if not isinstance(value, dict):
        raise Invalid("json-malformed", "This JSON is not an object.")
    return value


def b64(raw: bytes) -> str:
    """Return standard base64 with padding, as the C2SP texts have it."""
    return b2a_base64(raw, newline=False).decode()


def unb64(text: str) -> bytes:
    """Read standard base64 in its only spelling."""
    try:
        raw = a2b_base64(text, strict_mode=True)
    except (Error, ValueError) as error:
        raise Invalid("base64", "This is not base64.") from error
    # Strict mode lets the unused bits of the last character be anything.
    if b64(raw) != text:
        raise Invalid("base64", "This is not base64 in its only spelling.")
    return raw


def b64u(raw: bytes) -> str:
    """Return base64url without padding, as Folkmoot's JSON has it."""
    return b64(raw).rstrip("=").replace("+", "-").replace("/", "_")


def b64u_or_null(raw: bytes | None) -> str | None:
    """Return base64url, or None for None."""
    return None if raw is None else b64u(raw)


def unb64u(text: str, size: int | None = None) -> bytes:
    """Read base64url without padding, of exactly `size` bytes if a size is given."""
    if "+" in text or "/" in text or "=" in text:
        raise Invalid("base64", "This is not base64url.")
    standard = text.replace("-", "+").replace("_", "/")
    raw = unb64(standard + "=" * (-len(text) % 4))
    if size is not None and len(raw) != size:
        raise Invalid("base64", f"This value should have {size} bytes.")
    return raw


def number(text: str) -> int:
    """Read a decimal number without leading zero, below 2^63."""
    if not _NUMBER.fullmatch(text) or int(text) > LARGEST_NUMBER:
        raise Invalid("number", "This is not a plain decimal number.")
    return int(text)


def u64(value: int) -> bytes:
    """Return a number as eight bytes, the largest first."""
    return value.to_bytes(8, "big")
