"""The guard itself: what is asked of other nodes, and what of their answers is taken.

Every hop is checked as if it were the first, and signed anew: nothing that was meant
for one host is shown to the next.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urljoin

from federation.errors import Unfetched
from federation.fetch import codes, wire
from federation.fetch.addresses import Place, allowed, place
from federation.fetch.media import Kind, fits

#: The fields that prove who asks, for a method and a URL. Called anew for each hop.
Sign = Callable[[str, str], Mapping[str, str]]

_GET_SECONDS = 10.0
_POST_SECONDS = 15.0
_ANSWER_SIZE = 64 * 1024
_HOPS = 3
_GOOD = 200
_MOVED = frozenset({301, 302, 303, 307, 308})
#: `urljoin` drops tabs and line ends without a word.
_VISIBLE = re.compile(r"[!-~]+")


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was found, and where it was found in the end."""

    url: str
    body: bytes
    content_type: str
    status: int
    #: Names are in lower case.
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said to a delivery. Names of fields are in lower case."""

    status: int
    fields: Mapping[str, str]
    body: bytes


class Network(Protocol):
    """What asks other nodes: a `Guard`, or in tests the nodes themselves."""

    def get(
        self,
        url: str,
        *,
        sign: Sign | None = None,
        kind: Kind = Kind.ACTIVITY,
        within: float = _GET_SECONDS,
    ) -> Fetched:
        """Fetch what is under a URL; raises `Unfetched`."""

    def post(self, url: str, body: bytes, fields: Mapping[str, str]) -> Answer:
        """Deliver a body; raises `Unfetched` where nothing was answered."""

    def place(self, url: str) -> Place:
        """Read a URL as an address that may be asked, or refuse it."""

    def addresses(self, url: str) -> list[str]:
        """Return where a URL leads to, all of it allowed; raises `Unfetched`."""


class Guard:
    """Asks other nodes, and knows nobody's secrets: who signs is told at each call."""

    def __init__(
        self,
        agent: str,
        *,
        insecure: frozenset[str] = frozenset(),
        ca_file: Path | None = None,
        resolve: Callable[[str, int], list[str]] = wire.addresses_of,
        monotonic: Callable[[], float],
    ) -> None:
        self._agent = agent
        self._insecure = insecure
        self._tls = wire.tls(ca_file)
        self._resolve = resolve
        self._monotonic = monotonic

    def place(self, url: str) -> Place:
        """Read a URL as this guard does, or refuse it."""
        return place(url, self._insecure)

    def addresses(self, url: str) -> list[str]:
        """Resolve a URL's name as a request would, without connecting."""
        return self._checked(self.place(url))

    def get(
        self,
        url: str,
        *,
        sign: Sign | None = None,
        kind: Kind = Kind.ACTIVITY,
        within: float = _GET_SECONDS,
    ) -> Fetched:
        """Fetch what is under a URL, through at most three redirects."""
        pace = wire.Pace(within, self._monotonic)
        at: Fetched | Place = self.place(url)
        seen: set[str] = set()
        while isinstance(at, Place):
            if at.url in seen or len(seen) > _HOPS:
                raise Unfetched(codes.REDIRECT)
            seen.add(at.url)
            at = self._hop(at, sign, kind, pace)
        return at

    def _hop(
        self, at: Place, sign: Sign | None, kind: Kind, pace: wire.Pace
    ) -> Fetched | Place:
        proof = sign("GET", at.url) if sign else {}
        request = self._request("GET", at, {**proof, "accept": kind.accept})
        with self._answered(request, pace) as reply:
            if reply.status in _MOVED:
                return self._next(at, reply)
            if reply.status != _GOOD:
                raise Unfetched(codes.STATUS, reply.status)
            if _is_encoded(reply.fields):
                raise Unfetched(codes.ENCODING, reply.status)
            content_type = reply.fields.get("content-type", "")
            if not fits(content_type, kind):
                raise Unfetched(codes.TYPE, reply.status)
            body = reply.whole(kind.most)
            return Fetched(at.url, body, content_type, reply.status, reply.fields)

    def _next(self, at: Place, reply: wire.Reply) -> Place:
        location = reply.fields.get("location", "")
        if not _VISIBLE.fullmatch(location):
            raise Unfetched(codes.REDIRECT, reply.status)
        try:
            there = self.place(urljoin(at.url, location))
        except (Unfetched, ValueError) as error:
            raise Unfetched(codes.REDIRECT, reply.status) from error
        if (at.scheme, there.scheme) == ("https", "http"):
            raise Unfetched(codes.REDIRECT, reply.status)
        return there

    def post(self, url: str, body: bytes, fields: Mapping[str, str]) -> Answer:
        """Deliver a body. Whatever is answered is an answer, also a redirect."""
        pace = wire.Pace(_POST_SECONDS, self._monotonic)
        request = self._request("POST", self.place(url), fields, body)
        with self._answered(request, pace) as reply:
            # The status says what became of it. Its text is worth no second try.
            encoded = _is_encoded(reply.fields)
            said = b"" if encoded else reply.beginning(_ANSWER_SIZE)
            return Answer(reply.status, reply.fields, said)

    def _request(
        self,
        method: str,
        at: Place,
        given: Mapping[str, str],
        body: bytes | None = None,
    ) -> wire.Request:
        fields = {name.lower(): value for name, value in given.items()}
        fields |= {
            "host": at.authority,
            "user-agent": self._agent,
            "accept-encoding": "identity",
            "connection": "close",
        }
        return wire.Request(method, at, fields, body)

    def _answered(
        self, request: wire.Request, pace: wire.Pace
    ) -> AbstractContextManager[wire.Reply]:
        addresses = self._checked(request.place)
        return wire.answered(request, addresses, self._tls, pace)

    def _checked(self, at: Place) -> list[str]:
        """Resolve once; what is returned is connected to, never the name."""
        if at.literal:
            return [at.literal]
        try:
            addresses = self._resolve(at.host, at.port)
        except OSError as error:
            raise Unfetched(codes.UNREACHABLE) from error
        # One private address among public ones is no accident.
        if not at.listed and not all(map(allowed, addresses)):
            raise Unfetched(codes.DENIED)
        return addresses


def _is_encoded(fields: Mapping[str, str]) -> bool:
    cut = fields.get("transfer-encoding", "chunked").strip().lower()
    return "content-encoding" in fields or cut != "chunked"
