"""Long lists in parts: a cursor says where the last part ended, and cannot be forged.

It names a place in the order and not a number, so nothing is shown twice or left out
when something new arrives.
"""

import binascii
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from governance.errors import ChoiceInvalid
from web import current

_MAC = 16

Line = TypeVar("Line")


@dataclass(frozen=True, slots=True)
class Part(Generic[Line]):
    """A part of a list, and the cursor of the next one."""

    items: tuple[Line, ...]
    next: str | None


def part(
    lines: Sequence[Line], place: Callable[[Line], str], *, limit: int, cursor: str
) -> Part[Line]:
    """Return what follows a cursor in a list, newest place first."""
    ordered = sorted(lines, key=place, reverse=True)
    if cursor:
        last = _read(cursor)
        ordered = [line for line in ordered if place(line) < last]
    more = len(ordered) > limit
    items = tuple(ordered[:limit])
    return Part(items, _write(place(items[-1])) if more else None)


def _write(place: str) -> str:
    raw = place.encode()
    return urlsafe_b64encode(_mac(raw) + raw).rstrip(b"=").decode()


def _read(cursor: str) -> str:
    try:
        given = urlsafe_b64decode(cursor.encode("ascii") + b"==")
    except (binascii.Error, UnicodeEncodeError):
        given = b""
    mac, raw = given[:_MAC], given[_MAC:]
    if not hmac.compare_digest(mac, _mac(raw)):
        raise ChoiceInvalid("This cursor was not given out here.")
    return raw.decode()


def _mac(raw: bytes) -> bytes:
    whose = str(current.visitor().person_id).encode()
    return current.node().keys.mac("cursor", whose + b"\0" + raw)[:_MAC]
