"""What a request must say of its body before the body is read, and how it is read.

Cheap before dear: nothing here looks at a key, and no byte is read that was not
announced.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from federation import measures, strict
from federation.errors import (
    JsonMalformed,
    JsonTooLarge,
    LengthMissing,
    MediaUnsupported,
)

_ACTIVITY: Final = "application/activity+json"
_LINKED_DATA: Final = "application/ld+json"
_PROFILE: Final = "https://www.w3.org/ns/activitystreams"
_DIGITS: Final = re.compile(r"[0-9]{1,19}", re.ASCII)
_MEDIA: Final = re.compile(r"[ \t]*([a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+)[ \t]*")
_PARAMETER: Final = re.compile(
    r";[ \t]*([A-Za-z0-9!#$%&'*+.^_`|~-]+)="
    r'(?:([A-Za-z0-9!#$%&\'*+.^_`|~-]+)|"([^"\\]*)")[ \t]*'
)


def check_head(fields: Iterable[tuple[str, str]]) -> int:
    """Return how many bytes to read of a body that may be read at all."""
    given = [(name.lower(), value) for name, value in fields]
    length = _length([value for name, value in given if name == "content-length"])
    if any(name == "content-encoding" for name, _ in given):
        raise MediaUnsupported("A body is sent as it is, not encoded.")
    kinds = [value for name, value in given if name == "content-type"]
    if len(kinds) != 1 or not is_activity(kinds[0]):
        raise MediaUnsupported(f"Send an activity as {_ACTIVITY}.")
    return length


def is_activity(content_type: str) -> bool:
    """Say whether a content type is one of the two that activities have."""
    start = _MEDIA.match(content_type.lower())
    if start is None:
        return False
    parameters = _parameters(content_type, start.end())
    if parameters is None or start[1] not in {_ACTIVITY, _LINKED_DATA}:
        return False
    profiles = parameters.get("profile", "").split()
    return start[1] == _ACTIVITY or _PROFILE in profiles


def check_body(raw: bytes) -> dict[str, object]:
    """Return the document that a body is, or refuse it."""
    document = strict.loads(raw)
    if not isinstance(document, dict):
        raise JsonMalformed("An activity is a JSON object.")
    measures.check(document)
    return document


def _length(given: list[str]) -> int:
    if len(given) != 1 or not _DIGITS.fullmatch(given[0].strip(" \t")):
        raise LengthMissing("Say how many bytes the body has, once.")
    length = int(given[0])
    if length > strict.LIMITS.size:
        raise JsonTooLarge(f"More than {strict.LIMITS.size} bytes.")
    return length


def _parameters(text: str, start: int) -> Mapping[str, str] | None:
    found: dict[str, str] = {}
    while start < len(text):
        each = _PARAMETER.match(text, start)
        if each is None or each[1].lower() in found:
            return None
        found[each[1].lower()] = each[2] or each[3] or ""
        start = each.end()
    return found
