"""The embedded server: waitress, with our reading of what a request is.

It reads requests whole before a thread is spent on them, answers what waited too long
unread, tests its own guard before it starts, and ends what runs before it stops.
"""

import re
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from types import FrameType
from typing import TYPE_CHECKING

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer
from waitress.task import WSGITask

from node.core import Node
from node.logging import log
from node.settings import Settings
from web.guards import headers
from web.guards.block import (
    LARGEST_BLOCK,
    TOO_LARGE,
    UNCLEAN,
    Rule,
    ascii_only,
    refuse_block,
)
from web.guards.wsgi import CLOSE

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

LARGEST_BODY = 31_457_280
#: Seconds a request may wait for a thread. Whoever asked has mostly gone by then.
STALE = 10.0
#: Seconds that running requests get to end when the server stops.
GRACE = 30.0

#: Blank lines may come before a request; anything else there has two readings.
_ODD_START = re.compile(rb"(?:\r\n)*(?:[ \t\n\v\f]|\r[^\n])")
_TICK = 1.0
_PROBE = b"GET / HTTP/1.1\r\nHost: a.example\r\nHost: b.example\r\n\r\n"
_PROBE_PATIENCE = 5.0
_WAITED, _BODY = Rule("stale", 503), Rule("W6", 413)


class Unguarded(Exception):  # noqa: N818 - an answer for the operator
    """The header guard does not hold here, so nothing is served."""


class _Refused:
    """What waitress calls an error: an answer that closes the connection."""

    def __init__(self, rule: Rule, *, secure: bool) -> None:
        self.rule = rule
        self._secure = secure

    def to_response(self, _ident: str) -> tuple[str, list[tuple[str, str]], bytes]:
        status = HTTPStatus(self.rule.status)
        fields = headers.standard(secure=self._secure) | {
            "Cache-Control": headers.PERSONAL,
            "Content-Type": "text/plain; charset=utf-8",
        }
        if status is HTTPStatus.SERVICE_UNAVAILABLE:
            fields["Retry-After"] = "1"
        body = f"{status.phrase}. Rule {self.rule.name}.\n".encode()
        return f"{status.value} {status.phrase}", list(fields.items()), body


class _Parser(HTTPRequestParser):  # type: ignore[misc]  # waitress ships no types
    """Reads one request; asks the guard before anything is made of its block."""

    path = ""
    error: object = None

    def __init__(self, adj: Adjustments, monotonic: Callable[[], float]) -> None:
        super().__init__(adj)
        self.monotonic = monotonic
        #: When it was read whole.
        self.arrived = monotonic()

    def received(self, data: bytes) -> int:
        if self.body_rcv is None and _ODD_START.match(self.header_plus + data):
            self.completed = True
            self.refuse(UNCLEAN)
            return len(data)
        consumed: int = super().received(data)
        if self.error is not None and not isinstance(self.error, _Refused):
            # Found by waitress itself: the same answer, in our words.
            known = {413: _BODY, 431: TOO_LARGE}
            self.refuse(known.get(getattr(self.error, "code", 400), UNCLEAN))
        self.arrived = self.monotonic()
        return consumed

    def parse_header(self, header_plus: bytes) -> None:
        rule = refuse_block(header_plus)
        if rule is None:
            super().parse_header(ascii_only(header_plus))
        else:
            self.refuse(rule)

    def refuse(self, rule: Rule) -> None:
        log().warning("http.guard", rule=rule.name, status=rule.status)
        self.expect_continue = False
        self.error = _Refused(rule, secure=self.adj.url_scheme == "https")


class _Task(WSGITask):  # type: ignore[misc]  # waitress ships no types
    """Runs the application; closes after an answer that says so."""

    def build_response_header(self) -> bytes:
        if self.environ is not None and CLOSE in self.environ:
            self.set_close_on_finish()
        header: bytes = super().build_response_header()
        return header


class _Channel(HTTPChannel):  # type: ignore[misc]  # waitress ships no types
    """One connection. What waited too long for a thread is answered unread."""

    task_class = _Task

    def parser_class(self, adj: Adjustments) -> _Parser:
        return _Parser(adj, self.server.monotonic)

    def service(self) -> None:
        request = self.requests[0]
        if self.server.monotonic() - request.arrived > STALE and not request.error:
            request.refuse(_WAITED)
        super().service()


class Server(TcpWSGIServer):  # type: ignore[misc]  # waitress ships no types
    """A listening server. `run` returns after `stop`, when what ran has ended."""

    channel_class = _Channel

    def __init__(
        self,
        app: "WSGIApplication",
        settings: Settings,
        monotonic: Callable[[], float],
        *,
        listen: str,
    ) -> None:
        self.monotonic = monotonic
        self._stopping = threading.Event()
        adjustments = _adjustments(settings, listen)
        super().__init__(app, map={}, adj=adjustments, sockinfo=adjustments.listen[0])

    def run(self) -> None:
        """Serve until told to stop; then end what runs, and return."""
        while not self._stopping.is_set():
            self._turn(_TICK)
        self._drain()

    def stop(self) -> None:
        """Ask `run` to return. May be called from any thread or signal handler."""
        self._stopping.set()
        self.pull_trigger()

    def check(self) -> None:
        """Send a doubled Host through the socket; raise unless it is refused."""
        loopback = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - not bound here
        host = loopback.get(self.effective_host, self.effective_host)
        with socket.create_connection((host, self.effective_port)) as probe:
            probe.sendall(_PROBE)
            probe.settimeout(0)
            answer = self._await(probe)
        if not answer.startswith((b"HTTP/1.0 400", b"HTTP/1.1 400")):
            raise Unguarded(
                "A request with two Host fields was served. The installed waitress does"
                " not let us read headers strictly; install the version in the lock."
            )

    def _await(self, probe: socket.socket) -> bytes:
        until = self.monotonic() + _PROBE_PATIENCE
        while self.monotonic() < until:
            self._turn(_TICK / 20)
            try:
                return probe.recv(64)
            except BlockingIOError:
                continue
        return b""

    def _drain(self) -> None:
        self.accepting = False
        self.del_channel()
        self.socket.close()
        until = self.monotonic() + GRACE
        while self._busy() and self.monotonic() < until:
            self._turn(_TICK / 20)
        self.task_dispatcher.shutdown()
        wasyncore.close_all(self._map)

    def _busy(self) -> bool:
        busy = False
        for channel in tuple(self.active_channels.values()):
            channel.will_close = not (channel.requests or channel.total_outbufs_len)
            busy = busy or not channel.will_close
        return busy

    def _turn(self, seconds: float) -> None:
        wasyncore.loop(timeout=seconds, map=self._map, use_poll=True, count=1)


def _adjustments(settings: Settings, listen: str) -> Adjustments:
    return Adjustments(
        listen=listen,
        threads=8,
        connection_limit=200,
        channel_timeout=60,
        max_request_header_size=LARGEST_BLOCK + 1,
        max_request_body_size=LARGEST_BODY,
        # The guard believes a proxy or nobody; waitress need not know about proxies.
        clear_untrusted_proxy_headers=not settings.trusted_proxy,
        url_scheme="https" if settings.secure else "http",
        ident=None,
    )


def serve(app: "WSGIApplication", node: Node, *, host: str, port: int) -> None:
    """Serve one node until SIGTERM or SIGINT; return when what ran has ended."""
    listen = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    server = Server(app, node.settings, node.monotonic, listen=listen)
    server.check()
    with _told_by_signals(server.stop):
        server.run()


@contextmanager
def _told_by_signals(stop: Callable[[], None]) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def handle(_number: int, _frame: FrameType | None) -> None:
        stop()

    before = {each: signal.signal(each, handle) for each in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


_SIGNALS = (signal.SIGTERM, signal.SIGINT)
