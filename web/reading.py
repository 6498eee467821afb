"""How the embedded server reads requests: waitress, asking our guard first.

A request is read whole before a thread is spent on it; one that waited too long for a
thread is answered unread. Whatever is refused closes its connection.
"""

import re
from collections.abc import Callable
from http import HTTPStatus

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.task import WSGITask

from node.logging import log
from web.guards import headers
from web.guards.block import TOO_LARGE, UNCLEAN, Rule, ascii_only, refuse_block
from web.guards.table import MEGABYTE
from web.guards.wsgi import CLOSE

#: Seconds a request may wait for a thread. Whoever asked has mostly gone by then.
STALE = 10.0

#: Blank lines may come before a request; anything else there has two readings.
_ODD_START = re.compile(rb"(?:\r\n)*(?:[ \t\n\v\f]|\r[^\n])")
#: Where other nodes write to. Nothing there takes a longer body.
_PEERS = "/ap/"
_WAITED, _BODY = Rule("stale", 503), Rule("W6", 413)


class Refused:
    """What waitress calls an error: an answer that closes the connection."""

    def __init__(self, rule: Rule, *, secure: bool) -> None:
        self.rule = rule
        self._secure = secure

    def to_response(self, _ident: str) -> tuple[str, list[tuple[str, str]], bytes]:
        """Return status, fields and body, as waitress asks for them."""
        status = HTTPStatus(self.rule.status)
        fields = headers.standard(secure=self._secure) | {
            "Cache-Control": headers.PERSONAL,
            "Content-Type": "text/plain; charset=utf-8",
        }
        if status is HTTPStatus.SERVICE_UNAVAILABLE:
            fields["Retry-After"] = "1"
        body = f"{status.phrase}. Rule {self.rule.name}.\n".encode()
        return f"{status.value} {status.phrase}", list(fields.items()), body


class Parser(HTTPRequestParser):  # type: ignore[misc]  # waitress ships no types
    """Reads one request; asks the guard before anything is made of its block."""

    path = ""
    error: object = None

    def __init__(
        self, adj: Adjustments, monotonic: Callable[[], float], *, told: bool
    ) -> None:
        super().__init__(adj)
        self.monotonic = monotonic
        #: Whether the log says that it was refused.
        self.told = told
        #: When it was read whole.
        self.arrived = monotonic()

    def received(self, data: bytes) -> int:
        """Take what belongs to this request; return how many bytes that were."""
        if self.body_rcv is None and _ODD_START.match(self.header_plus + data):
            self.completed = True
            self.refuse(UNCLEAN)
            return len(data)
        consumed: int = super().received(data)
        if self.error is not None and not isinstance(self.error, Refused):
            # Found by waitress itself: the same answer, in our words.
            known = {413: _BODY, 431: TOO_LARGE}
            self.refuse(known.get(getattr(self.error, "code", 400), UNCLEAN))
        self.arrived = self.monotonic()
        return consumed

    def parse_header(self, header_plus: bytes) -> None:
        """Read the block before the body, unless it has two readings."""
        rule = refuse_block(header_plus)
        if rule is None:
            super().parse_header(ascii_only(header_plus))
        else:
            self.refuse(rule)
            return
        # What programs of strangers send is refused before its body is read.
        if self.path.startswith(_PEERS) and self.content_length > MEGABYTE:
            self.completed = True
            self.refuse(_BODY)

    def refuse(self, rule: Rule) -> None:
        """Answer this request with a rule, instead of handing it on."""
        if self.told:
            log().warning("http.guard", rule=rule.name, status=rule.status)
        self.expect_continue = False
        self.error = Refused(rule, secure=self.adj.url_scheme == "https")


class Task(WSGITask):  # type: ignore[misc]  # waitress ships no types
    """Runs the application; closes after an answer that says so."""

    def build_response_header(self) -> bytes:
        """Return the block before the answer's body."""
        if self.environ is not None and CLOSE in self.environ:
            self.set_close_on_finish()
        header: bytes = super().build_response_header()
        return header


class Channel(HTTPChannel):  # type: ignore[misc]  # waitress ships no types
    """One connection. What waited too long for a thread is answered unread."""

    task_class = Task

    def parser_class(self, adj: Adjustments) -> Parser:
        """Return what reads the next request."""
        # The guard's own test is refused at each start: that is nobody's fault.
        told = self.addr != self.server.probe
        return Parser(adj, self.server.monotonic, told=told)

    def service(self) -> None:
        """Answer the request that is next."""
        request = self.requests[0]
        if self.server.monotonic() - request.arrived > STALE and not request.error:
            request.refuse(_WAITED)
        super().service()
