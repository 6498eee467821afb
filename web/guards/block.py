"""The raw half of the header guard: the bytes before the body, rules R1 to R6.

Servers and proxies read odd requests differently; where two could disagree on where
a request ends or what it says, it is refused before anything reads it.
"""

import re
from collections import Counter
from dataclasses import dataclass

LARGEST_BLOCK = 16 * 1024
MOST_FIELDS = 100
LONGEST_FIELD = 8 * 1024
LONGEST_TARGET = 4 * 1024

_REQUEST = re.compile(rb"[A-Z]{1,20} (/[^ ]*) HTTP/1\.[01]")
_FIELD = re.compile(rb"([!#$%&'*+.^`|~0-9A-Za-z-]+):(.*)", re.DOTALL)
_CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_LENGTH = re.compile(rb"[0-9]{1,10}")
#: Fields whose double would leave it open which of the two counts.
_ONCE = frozenset(
    {
        b"authorization",
        b"content-length",
        b"content-type",
        b"date",
        b"digest",
        b"idempotency-key",
        b"if-match",
        b"origin",
        b"range",
        b"sec-fetch-site",
    }
)
#: Fields this guard reads; elsewhere signs beyond ASCII are only left out.
NAMED = _ONCE | {b"expect", b"host", b"transfer-encoding"}


@dataclass(frozen=True, slots=True)
class Rule:
    """Why a request is refused, by the name the security document gives it."""

    name: str
    status: int = 400


TOO_LARGE, TARGET_TOO_LONG = Rule("R1", 431), Rule("R1", 414)
UNCLEAN = Rule("R2")
HOST = Rule("R3")
TWICE = Rule("R4")
LENGTH, CODED = Rule("R5"), Rule("R5", 411)
LINE = Rule("R6")


def refuse_block(raw: bytes) -> Rule | None:
    """Return the rule a request's header block breaks, or None."""
    first, *lines = raw.removesuffix(b"\r\n\r\n").split(b"\r\n")
    rule = _size(raw, first, lines)
    if rule or any(_CONTROL.search(line) for line in (first, *lines)):
        return rule or UNCLEAN
    if not _REQUEST.fullmatch(first):
        return LINE
    fields = [_FIELD.fullmatch(line) for line in lines]
    if not all(fields):
        return UNCLEAN
    return _fields([(it[1].lower(), it[2].strip(b" \t")) for it in fields if it])


def ascii_only(raw: bytes) -> bytes:
    """Return an accepted block without the fields that are not ASCII."""
    if raw.isascii():
        return raw
    return b"\r\n".join(line for line in raw.split(b"\r\n") if line.isascii())


def _size(raw: bytes, first: bytes, lines: list[bytes]) -> Rule | None:
    if len(raw) > LARGEST_BLOCK or len(lines) > MOST_FIELDS:
        return TOO_LARGE
    if any(len(line) > LONGEST_FIELD for line in lines):
        return TOO_LARGE
    _, _, rest = first.partition(b" ")
    if len(rest.rpartition(b" ")[0]) > LONGEST_TARGET:
        return TARGET_TOO_LONG
    return None


def _fields(fields: list[tuple[bytes, bytes]]) -> Rule | None:
    if any(name in NAMED and not value.isascii() for name, value in fields):
        return UNCLEAN
    count = Counter(name for name, _ in fields)
    if count[b"host"] != 1:
        return HOST
    if any(count[name] > 1 for name in _ONCE):
        return TWICE
    if count[b"transfer-encoding"]:
        return CODED
    if any(_mislead(name, value) for name, value in fields):
        return LENGTH
    return None


def _mislead(name: bytes, value: bytes) -> bool:
    if name == b"content-length":
        return not _LENGTH.fullmatch(value)
    return name == b"expect" and value.lower() != b"100-continue"
