"""JSON from outside: read one way, or not at all.

Parsers differ on doubled keys, NaN, surrogates, depth and large integers; what two
readers could read differently is refused. Nothing else here reads JSON from outside.
"""

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from federation.errors import JsonDuplicate, JsonMalformed, JsonTooLarge

_LARGEST_INTEGER = 2**53 - 1
_LONGEST_INTEGER = len(str(-_LARGEST_INTEGER))
_LONGEST_FLOAT = 64
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
#: Possessive, and the last quote may be missing: never a second try at any byte.
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_EMPTY = re.compile(rb"[\[{][ \t\r\n]*[\]}]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_BRACKETS = bytes.maketrans(b"{}", b"[]")
_OTHERS = bytes(byte for byte in range(256) if byte not in b"[]{}")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of everything one document may have."""

    size: int = 1024 * 1024
    depth: int = 32
    values: int = 20_000
    keys: int = 1_000
    key: int = 256


LIMITS = Limits()


def loads(raw: bytes, limits: Limits = LIMITS) -> object:
    """Return what the bytes say, or refuse them with the reason.

    Depth and number of values are counted before parsing, so the cost is bounded by
    the size whatever the bytes are.
    """
    text = _text(raw, limits)
    _scan(raw, limits)
    decoder = json.JSONDecoder(
        object_pairs_hook=lambda pairs: _object(pairs, limits),
        parse_int=_integer,
        parse_float=_float,
        parse_constant=_constant,
    )
    try:
        value: object = decoder.decode(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise JsonMalformed("This is not JSON.") from error
    if b"\\u" in raw:
        for string in _strings(value):
            _check_characters(string)
    return value


def _text(raw: bytes, limits: Limits) -> str:
    if len(raw) > limits.size:
        raise JsonTooLarge(f"More than {limits.size} bytes.")
    if raw.startswith(_BYTE_ORDER_MARK):
        raise JsonMalformed("A byte order mark is no JSON.")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise JsonMalformed("This is not UTF-8.") from error


def _scan(raw: bytes, limits: Limits) -> None:
    outside = _STRING.sub(b'""', raw)
    openers = outside.count(b"[") + outside.count(b"{")
    values = 1 + outside.count(b",") + openers - len(_EMPTY.findall(outside))
    if values > limits.values:
        raise JsonMalformed(f"More than {limits.values} values.")
    # Each round takes the innermost level away. What is left was deeper, or unpaired.
    brackets = outside.translate(_BRACKETS, _OTHERS)
    for _ in range(limits.depth):
        if not brackets:
            return
        brackets = brackets.replace(b"[]", b"")
    if brackets:
        raise JsonMalformed(f"Deeper than {limits.depth} levels, or not closed.")


def _object(pairs: list[tuple[str, object]], limits: Limits) -> dict[str, object]:
    if len(pairs) > limits.keys:
        raise JsonMalformed(f"More than {limits.keys} keys in one object.")
    found = dict(pairs)
    if len(found) < len(pairs):
        raise JsonDuplicate("A key stands twice in one object.")
    if any(len(key) > limits.key for key in found):
        raise JsonMalformed(f"A key of more than {limits.key} characters.")
    return found


def _integer(digits: str) -> int:
    if len(digits) > _LONGEST_INTEGER or abs(int(digits)) > _LARGEST_INTEGER:
        raise JsonMalformed("An integer beyond 2^53 - 1.")
    if digits == "-0":
        raise JsonMalformed("Minus zero is no number.")
    return int(digits)


def _float(digits: str) -> float:
    if len(digits) > _LONGEST_FLOAT:
        raise JsonMalformed(f"A number of more than {_LONGEST_FLOAT} characters.")
    value = float(digits)
    if not math.isfinite(value):
        raise JsonMalformed("A number that is not finite.")
    if value == 0 and digits.startswith("-"):
        raise JsonMalformed("Minus zero is no number.")
    return value


def _constant(name: str) -> NoReturn:
    raise JsonMalformed(f"{name} is no number.")


def _strings(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for each in value:
                yield from _strings(each)
        case dict():
            yield from value
            for each in value.values():
                yield from _strings(each)


def _check_characters(string: str) -> None:
    # Raw, neither gets past UTF-8 and the parser: only escapes can spell them.
    if "\0" in string or _SURROGATE.search(string):
        raise JsonMalformed("A string holds NUL or half a surrogate pair.")
