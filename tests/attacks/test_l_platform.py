"""Platform: odd requests and odd settings end in a refusal, never in exposure."""

import socket
import threading
import time

import pytest

from tests.support.clients import Browser, app_of
from tests.support.village import Village
from web.server import Server

pytestmark = pytest.mark.network

HOST = b"Host: ash.example\r\n"
SECOND = b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n"


class Place:
    """A node behind the embedded server, on a socket."""

    def __init__(self, folder):
        self.village = Village(folder)
        self.node = self.village.found("https://ash.example")
        self.app = app_of(self.node)
        self.server = Server(
            self.app, self.node.settings, time.monotonic, listen="127.0.0.1:0"
        )
        self.thread = threading.Thread(target=self.server.run)
        self.thread.start()

    def close(self):
        self.server.stop()
        self.thread.join(30)
        self.village.close()

    def ask(self, raw):
        """Return everything that comes back."""
        address = ("127.0.0.1", self.server.effective_port)
        answer = b""
        with socket.create_connection(address, timeout=3) as mine:
            mine.sendall(raw)
            try:
                while more := mine.recv(65536):
                    answer += more
            except (TimeoutError, ConnectionResetError):
                pass
        return answer


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    place = Place(tmp_path_factory.mktemp("place"))
    yield place
    place.close()


SMUGGLING = [
    b"POST /x HTTP/1.1\r\n%sContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcd" % HOST,
    b"POST /x HTTP/1.1\r\n%sContent-Length: 4, 5\r\n\r\nabcd" % HOST,
    b"POST /x HTTP/1.1\r\n%sContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"0\r\n\r\n" % HOST,
    b"POST /x HTTP/1.1\r\n%sTransfer-Encoding: xchunked\r\n\r\n" % HOST,
    b"POST /x HTTP/1.1\r\n%sTransfer-Encoding : chunked\r\n\r\n" % HOST,
    b"POST /x HTTP/1.1\r\n%sTransfer-Encoding:\x0bchunked\r\n\r\n" % HOST,
    b"GET /x HTTP/1.1\n%s\n" % HOST,
    b"GET /x HTTP/1.1\r\n%sA: b\n\r\n" % HOST,
    b"GET /x HTTP/1.1\r\n%sA: b\rC: d\r\n\r\n" % HOST,
    b"GET /x HTTP/1.1\r\n%sA: b\r\n folded\r\n\r\n" % HOST,
    b"GET /x HTTP/1.1\r\n%sContent_Length: 4\r\n\r\n" % HOST,
    b"GET /x HTTP/1.1\r\n%s%s\r\n" % (HOST, HOST),
    b"GET /x HTTP/1.1\r\n\r\n",
    b"GET http://evil.example/ HTTP/1.1\r\n%s\r\n" % HOST,
    b"GET /x HTTP/1.1 HTTP/1.1\r\n%s\r\n" % HOST,
]


def l1(place):
    for raw in SMUGGLING:
        answer = place.ask(raw + SECOND)
        # A bare LF ends no line, so nothing was said yet and nothing is answered.
        assert not answer or answer[9:12] in {b"400", b"411"}, (raw, answer)
        assert answer.count(b"HTTP/1.") <= 1, raw
        assert b'"ok"' not in answer, raw


def l2(place):
    browser = Browser(place.app, place.node)
    for path in ("/console", "/.git/config", "/.env", "/static/app.js.map", "/debug"):
        assert browser.get(path).status_code in {400, 404}, path
    assert b"Server:" not in place.ask(SECOND.replace(b"1.1", b"1.0"))
    assert place.app.debug is False


def l3(place):
    hearsay = (
        b"X-Forwarded-Proto: http\r\nForwarded: for=1.2.3.4\r\nX-Real-IP: 1.2.3.4\r\n"
    )
    first = b"PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n"

    assert place.ask(first + SECOND).startswith(b"HTTP/1.0 400")
    assert b" 200 OK" in place.ask(
        b"GET /healthz HTTP/1.0\r\n" + HOST + hearsay + b"\r\n"
    )


def l4(place):
    for value in ("Zoë".encode(), b"\xff\xfe", b"a" * 9000):
        place.ask(b"GET /healthz HTTP/1.0\r\n" + HOST + b"X-A: " + value + b"\r\n\r\n")
    assert b" 200 OK" in place.ask(b"GET /healthz HTTP/1.0\r\n" + HOST + b"\r\n")


def k6(place):
    address = ("127.0.0.1", place.server.effective_port)
    halves = [socket.create_connection(address, timeout=3) for _ in range(60)]
    for half in halves:
        half.sendall(b"POST /x HTTP/1.1\r\n" + HOST + b"Content-Length: 100\r\n\r\nab")
    began = time.monotonic()
    answer = place.ask(b"GET /healthz HTTP/1.0\r\n" + HOST + b"\r\n")
    took = time.monotonic() - began
    for half in halves:
        half.close()

    assert b" 200 OK" in answer
    assert took < 1


ROWS = {"L1": l1, "L2": l2, "L3": l3, "L4": l4, "K6": k6}


@pytest.mark.parametrize("row", ROWS)
def test_attack(place, row):
    ROWS[row](place)
