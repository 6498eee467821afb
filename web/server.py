"""The embedded server: waitress, with our reading of what a request is.

It tests its own guard before it starts, and ends what runs before it stops.
"""

import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TYPE_CHECKING

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.server import TcpWSGIServer

from node.core import Node
from node.settings import BadSetting, Settings
from web.guards.block import LARGEST_BLOCK
from web.reading import Channel

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

LARGEST_BODY = 31_457_280
#: Seconds that running requests get to end when the server stops.
GRACE = 30.0

_TICK = 1.0
_NEAR = ("127.", "localhost", "[::1]", "unix:")
_PROBE = b"GET / HTTP/1.1\r\nHost: a.example\r\nHost: b.example\r\n\r\n"
_PROBE_PATIENCE = 5.0


class Unguarded(Exception):  # noqa: N818 - an answer for the operator
    """The header guard does not hold here, so nothing is served."""


class Server(TcpWSGIServer):  # type: ignore[misc]  # waitress ships no types
    """A listening server. `run` returns after `stop`, when what ran has ended."""

    channel_class = Channel

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
        #: Whom the guard's own test comes from, while it runs.
        self.probe: object = None
        adjustments = _adjustments(settings, listen)
        near: dict[int, object] = {}
        try:
            super().__init__(
                app, map=near, adj=adjustments, sockinfo=adjustments.listen[0]
            )
        except OSError:
            self.task_dispatcher.shutdown()
            wasyncore.close_all(near)
            raise

    def run(self) -> None:
        """Serve until told to stop; then end what runs, and return."""
        while not self._stopping.is_set():
            self._turn(_TICK)
        self._drain()

    def stop(self) -> None:
        """Ask `run` to return. May be called from any thread or signal handler."""
        self._stopping.set()
        with suppress(OSError):  # already closed: asked twice
            self.pull_trigger()

    def check(self) -> None:
        """Send a doubled Host through the socket; raise unless it is refused."""
        loopback = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - not bound here
        host = loopback.get(self.effective_host, self.effective_host)
        with socket.create_connection((host, self.effective_port)) as probe:
            self.probe = probe.getsockname()
            probe.sendall(_PROBE)
            probe.settimeout(0)
            answer = self._await(probe)
        self.probe = None
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


def require_proxy(settings: Settings, arguments: list[str]) -> None:
    """Refuse a gunicorn that faces the network without a proxy before it."""
    # A thread per connection waits on slow clients, so whatever faces the network
    # must read requests whole first (security document, D11).
    wide = [
        each.partition("=")[2] or each
        for before, each in zip(["", *arguments], arguments, strict=False)
        if before in {"-b", "--bind"} or each.startswith(("--bind=", "-b="))
    ]
    if settings.trusted_proxy or all(one.startswith(_NEAR) for one in wide):
        return
    raise BadSetting("Without FOLKMOOT_TRUSTED_PROXY, bind gunicorn to 127.0.0.1 only.")


def serve(
    app: "WSGIApplication",
    node: Node,
    *,
    host: str,
    port: int,
    ready: Callable[[], None],
) -> None:
    """Serve one node until SIGTERM or SIGINT; return when what ran has ended.

    Calls `ready` as soon as requests are taken.
    """
    listen = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    try:
        server = Server(app, node.settings, node.monotonic, listen=listen)
    except (OSError, ValueError) as error:
        said = f"Nothing can be served at {listen}: {error}."
        raise BadSetting(f"{said} Name another --host or --port.") from error
    server.check()
    with _told_by_signals(server.stop):
        ready()
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
