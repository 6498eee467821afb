"""The way between the nodes of a village: their own applications, without sockets."""

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from flask import Flask

from federation.errors import Unfetched
from federation.fetch import Answer, Fetched, Kind, Place, Sign, codes
from federation.fetch.addresses import place
from federation.fetch.media import fits
from federation.origins import origin
from node.core import Node, outside


class Roads:
    """Carries requests from node to node; a node can be away for a while."""

    def __init__(self) -> None:
        self.apps: dict[str, Flask] = {}
        #: What origins without a node answer to a GET, by path; all else there is 404.
        #: A POST is answered 202, or as is said under `POST <path>`.
        self.stubs: dict[str, dict[str, Answer]] = {}
        #: Called with the URL of everything, before it is answered.
        self.linger: Callable[[str], None] = lambda _: None
        #: How long answers take is read here; `linger` may move it.
        self.monotonic: Callable[[], float] = lambda: 0.0
        #: Origins that give no answer.
        self.away: set[str] = set()
        #: Method and URL of everything that was carried, and the status it got.
        self.carried: list[tuple[str, str, int]] = []

    def lead_to(self, node: Node) -> None:
        """Let others reach a node from now on."""
        # Flask takes a third of a second to load, which most tests do without.
        from web.app import create_app  # noqa: PLC0415

        self.apps[node.settings.origin] = create_app(node, testing=True)

    def place(self, url: str) -> Place:
        """Read a URL as the guard does."""
        return place(url, frozenset())

    def addresses(self, url: str) -> list[str]:
        """Return where a name leads to, if anybody has it."""
        if origin(url) not in {*self.apps, *self.stubs}:
            raise Unfetched(codes.UNREACHABLE)
        return ["192.0.2.1"]

    def get(
        self,
        url: str,
        *,
        sign: Sign | None = None,
        kind: Kind = Kind.ACTIVITY,
        within: float = 10.0,
    ) -> Fetched:
        """Fetch what is under a URL."""
        ends = self.monotonic() + within
        fields = dict(sign("GET", url)) if sign else {}
        answer = self._ask("GET", url, {**fields, "Accept": kind.accept})
        if self.monotonic() > ends:
            raise Unfetched(codes.SLOW)
        if answer.status != 200:
            raise Unfetched(codes.STATUS, answer.status)
        content_type = answer.fields["content-type"]
        if not fits(content_type, kind):
            raise Unfetched(codes.TYPE, answer.status)
        return Fetched(url, answer.body, content_type, answer.status, answer.fields)

    def post(self, url: str, body: bytes, fields: Mapping[str, str]) -> Answer:
        """Deliver a body."""
        return self._ask("POST", url, fields, body)

    def _ask(
        self, method: str, url: str, fields: Mapping[str, str], body: bytes = b""
    ) -> Answer:
        outside()
        self.linger(url)
        where = origin(url)
        if where not in self.away and where in self.stubs:
            return self._stub(method, url)
        if where in self.away or where not in self.apps:
            raise Unfetched(codes.UNREACHABLE)
        parts = urlsplit(url)
        answer = (
            self.apps[where]
            .test_client()
            .open(
                f"{parts.path}?{parts.query}" if parts.query else parts.path,
                method=method,
                base_url=where,
                headers=dict(fields),
                data=body or None,
            )
        )
        self.carried.append((method, url, answer.status_code))
        said = {name.lower(): value for name, value in answer.headers.items()}
        return Answer(answer.status_code, said, answer.data)

    def _stub(self, method: str, url: str) -> Answer:
        path, nothing = urlsplit(url).path, Answer(404, {}, b"")
        answer = self.stubs[origin(url)].get(path, nothing)
        if method == "POST":
            posted = self.stubs[origin(url)].get(f"POST {path}")
            answer = posted or Answer(202, {}, b"")
        self.carried.append((method, url, answer.status))
        return answer
