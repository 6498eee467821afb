"""What both profiles need of a request: its fields, its address, its digest, its time.

What stands twice, folded or in a second spelling is refused: two readers would see
two requests.
"""

import re
from binascii import Error, a2b_base64
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache
from typing import TypeAlias

from federation import origins
from federation.errors import (
    IriInvalid,
    KeyRefused,
    Rejected,
    SignatureStale,
    Unverified,
)
from federation.keys import PublicKey
from federation.signatures.shapes import FindKey, Request

#: Lower-case name to value; several values of one name are joined (RFC 9110, 5.2).
Fields: TypeAlias = dict[str, str]

#: What decides may not be said twice, not even in the same words.
_ONCE = frozenset(
    {"content-digest", "date", "digest", "host", "signature", "signature-input"}
)
_URL = re.compile(r"(https?://[^/?#]*)([^?#]*)(\?[^#]*)?", re.IGNORECASE)
#: In seconds. A request for something private is no use to who recorded it.
_BACK, _AHEAD, _PRIVATE = 12 * 3600, 3600, 300


@dataclass(frozen=True, slots=True)
class Target:
    """The parts of a request's address, as RFC 9421 derives them (2.2)."""

    origin: str
    path: str
    #: With its question mark; empty where there is none.
    query: str

    @property
    def uri(self) -> str:
        """The whole address."""
        return self.origin + self.path + self.query

    @property
    def scheme(self) -> str:
        """The scheme, without the colon."""
        return self.origin.partition("://")[0]

    @property
    def authority(self) -> str:
        """Host, and port where it is not the usual one: what `Host` must say."""
        return self.origin.partition("://")[2]


@dataclass(frozen=True, slots=True)
class Received:
    """A request that is being judged, and what it is judged by."""

    request: Request
    fields: Fields
    target: Target
    find_key: FindKey
    at: datetime
    private: bool
    insecure: Collection[str]

    @property
    def body(self) -> bytes:
        """The raw bytes, none where there is no body."""
        return self.request.body or b""

    def require_host(self) -> None:
        """Refuse a request that was meant for another host."""
        if self.fields.get("host", "").lower() != self.target.authority:
            raise Rejected("The Host of the request is not the name of this node.")

    def moment(self, created: int) -> datetime:
        """Return the moment of signing, if neither too old nor from the future."""
        back, ahead = (_PRIVATE, _PRIVATE) if self.private else (_BACK, _AHEAD)
        now = self.at.timestamp()
        if not now - back <= created <= now + ahead:
            raise SignatureStale("The signature is too old, or from the future.")
        return datetime.fromtimestamp(created, UTC)

    def key(self, key_id: str) -> PublicKey:
        """Find the key, wherever it is. Everything that costs less comes before."""
        try:
            origins.require_id(key_id, insecure=self.insecure)
        except IriInvalid as error:
            raise KeyRefused("The key's id is no address of a key.") from error
        return self.find_key(key_id)


# A node has few inboxes, and each is asked for often.
@lru_cache(maxsize=1024)
def target(url: str) -> Target:
    """Take an address apart."""
    found = _URL.match(url)
    if found is None or not url.isascii():
        raise Unverified("The request has no address that can be signed.")
    return Target(origins.origin(found[1]), found[2] or "/", found[3] or "")


def fields(pairs: Iterable[tuple[str, str]]) -> Fields:
    """Return the fields of a request by lower-case name."""
    found: Fields = {}
    for name, text in pairs:
        key, value = name.lower(), text.strip(" \t")
        if key in found:
            if key in _ONCE:
                raise Unverified("A field that decides stands twice.")
            value = f"{found[key]}, {value}"
        found[key] = value
    return found


def http_date(at: datetime) -> str:
    """Return a moment as `Date` has it."""
    return format_datetime(at.astimezone(UTC).replace(microsecond=0), usegmt=True)


def unbase64(text: str) -> bytes:
    """Return the bytes of base64 in its one spelling."""
    try:
        raw = a2b_base64(text, strict_mode=True)
    except (Error, ValueError) as error:
        raise Unverified("The signature is not base64.") from error
    if not raw:
        raise Unverified("The signature is not base64.")
    return raw


def base(lines: list[str]) -> bytes:
    """Return the bytes that are signed, one line for each component."""
    text = "\n".join(lines)
    # A value with a line break in it would pass for two components.
    if text.count("\n") >= len(lines) or "\r" in text or not text.isascii():
        raise Unverified("A covered value is not one line of ASCII.")
    return text.encode()
