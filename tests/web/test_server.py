import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import pytest
from structlog.testing import capture_logs

from node.settings import Settings
from web import reading
from web.guards.wsgi import Guard
from web.server import Server, Unguarded

pytestmark = pytest.mark.network

HOST = b"Host: localhost:8000"
GOOD = b"GET /slow HTTP/1.1\r\n" + HOST + b"\r\n\r\n"


class App:
    """Answers every request, and remembers what it was asked."""

    def __init__(self):
        self.seen = []
        self.go_on = threading.Event()
        self.go_on.set()

    def __call__(self, environ, start_response):
        body = environ["wsgi.input"].read()
        self.seen.append((environ["REQUEST_METHOD"], environ["REQUEST_URI"], body))
        self.go_on.wait(10)
        start_response("200 OK", [("Content-Length", "2")])
        return [b"ok"]


class Clock:
    """Tells the time that was set."""

    def __init__(self):
        self.seconds = 0.0

    def __call__(self):
        return self.seconds


@contextmanager
def running(app, clock=time.monotonic):
    settings = Settings(public_url="http://localhost:8000")
    server = Server(Guard(app, settings), settings, clock, listen="127.0.0.1:0")
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join(20)
        assert not thread.is_alive()


def ask(server, raw):
    """Return all that comes back until the server closes, or says nothing more."""
    with socket.create_connection(("127.0.0.1", server.effective_port)) as mine:
        mine.settimeout(2)
        mine.sendall(raw)
        return read(mine)


def read(mine):
    answer = b""
    try:
        while more := mine.recv(65536):
            answer += more
            if answer.endswith(b"ok"):
                break
    except (TimeoutError, ConnectionResetError):
        pass
    return answer


def closing(first, *lines, body=b""):
    return b"\r\n".join([first, HOST, *lines]) + b"\r\n\r\n" + body


def test_an_ordinary_request_is_served():
    app = App()

    with running(app) as server:
        answer = ask(server, closing(b"POST /tell HTTP/1.1", b"Content-Length: 3",
                                     body=b"abc"))  # fmt: skip

    assert answer.startswith(b"HTTP/1.1 200")
    assert b"Server:" not in answer
    assert app.seen == [("POST", "/tell", b"abc")]


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (closing(b"GET / HTTP/1.1", HOST), 400),
        (closing(b"GET / HTTP/1.1", b"Host : x"), 400),
        (closing(b"GET / HTTP/1.1", b"A: b", b" folded"), 400),
        (closing(b"GET /a%2Fb HTTP/1.1"), 400),
        (closing(b"GET //evil.example HTTP/1.1"), 400),
        (closing(b"GET /a#b HTTP/1.1"), 400),
        (b" GET / HTTP/1.1\r\n" + HOST + b"\r\n\r\n", 400),
        (b"\r\n \r\nGET / HTTP/1.1\r\n" + HOST + b"\r\n\r\n", 400),
        (
            closing(
                b"POST / HTTP/1.1", b"Transfer-Encoding: chunked", body=b"0\r\n\r\n"
            ),
            411,
        ),
        (closing(b"TRACE / HTTP/1.1"), 405),
        (closing(b"GET / HTTP/1.1", b"A: " + b"b" * 17_000), 431),
        (closing(b"GET /" + b"a" * 5000 + b" HTTP/1.1"), 414),
        (closing(b"POST / HTTP/1.1", b"Content-Length: 31457281"), 413),
        (closing(b"POST /ap/inbox HTTP/1.1", b"Content-Length: 1048577"), 413),
        (b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 400),
    ],
)
def test_what_could_be_read_two_ways_is_refused_and_the_connection_closed(raw, status):
    app = App()

    with running(app) as server:
        answer = ask(server, raw + GOOD)

    assert answer.startswith(b"HTTP/1."), answer
    assert int(answer[9:12]) == status
    assert b"Connection: close" in answer
    assert b"Content-Security-Policy: default-src 'none'" in answer
    assert app.seen == []


def test_a_field_outside_ascii_does_not_reach_the_application():
    seen = {}

    def app(environ, start_response):
        seen.update(environ)
        start_response("200 OK", [("Content-Length", "2")])
        return [b"ok"]

    with running(app) as server:
        ask(server, closing(b"GET / HTTP/1.1", "X-Name: Zoë".encode(), b"X-A: b"))

    assert "HTTP_X_NAME" not in seen
    assert seen["HTTP_X_A"] == "b"


def test_an_answer_that_cannot_be_written_leaves_the_worker_alive():
    def app(environ, start_response):
        bad = environ["REQUEST_URI"] == "/bad"
        value = "\N{SNOWMAN}" if bad else "fine"
        start_response("200 OK", [("X-Word", value), ("Content-Length", "2")])
        return [b"ok"]

    with running(app) as server:
        broken = [ask(server, closing(b"GET /bad HTTP/1.1")) for _ in range(9)]
        whole = ask(server, closing(b"GET / HTTP/1.1"))

    assert all(it.startswith(b"HTTP/1.1 500") for it in broken)
    assert whole.startswith(b"HTTP/1.1 200")


def test_what_waited_too_long_is_answered_unread():
    app, clock = App(), Clock()
    app.go_on.clear()

    with running(app, clock) as server:
        port = server.effective_port
        busy = [socket.create_connection(("127.0.0.1", port)) for _ in range(8)]
        for each in busy:
            each.sendall(GOOD)
        while len(app.seen) < len(busy):
            time.sleep(0.01)
        late = socket.create_connection(("127.0.0.1", port))
        late.settimeout(5)
        late.sendall(closing(b"GET /late HTTP/1.1"))
        while not server.task_dispatcher.queue:
            time.sleep(0.01)
        assert b"/late" not in b"".join(uri.encode() for _, uri, _ in app.seen)
        clock.seconds = reading.STALE + 1
        app.go_on.set()
        answer = read(late)
        for each in (*busy, late):
            each.close()

    assert answer.startswith(b"HTTP/1.1 503")
    assert b"Retry-After: 1" in answer
    assert "/late" not in {uri for _, uri, _ in app.seen}


def test_stopping_ends_what_runs_and_takes_nothing_new():
    app = App()
    app.go_on.clear()

    with running(app) as server:
        port = server.effective_port
        running_one = socket.create_connection(("127.0.0.1", port))
        running_one.settimeout(5)
        running_one.sendall(GOOD)
        while not app.seen:
            time.sleep(0.01)
        server.stop()
        while server.accepting:
            time.sleep(0.01)
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.1", port)).close()
        app.go_on.set()
        answer = read(running_one)
        running_one.close()

    assert answer.startswith(b"HTTP/1.1 200")


def test_a_guard_that_holds_lets_the_server_start():
    settings = Settings(public_url="http://localhost:8000")
    server = Server(App(), settings, time.monotonic, listen="127.0.0.1:0")

    server.check()

    server.stop()
    server.run()


def test_the_guards_own_test_is_no_line_of_the_log_and_a_strangers_is():
    doubled = closing(b"GET / HTTP/1.1", HOST)

    with capture_logs() as lines, running(App()) as server:
        mine = ask(server, doubled)
    settings = Settings(public_url="http://localhost:8000")
    server = Server(App(), settings, time.monotonic, listen="127.0.0.1:0")
    with capture_logs() as own:
        server.check()
    server.stop()
    server.run()

    assert b" 400 Bad Request" in mine
    assert [line["rule"] for line in lines] == ["R3"]
    assert own == []


def test_a_doubled_host_that_is_served_stops_the_start(monkeypatch):
    monkeypatch.setattr(reading, "refuse_block", lambda _raw: None)
    settings = Settings(public_url="http://localhost:8000")
    server = Server(App(), settings, time.monotonic, listen="127.0.0.1:0")

    with pytest.raises(Unguarded, match="two Host"):
        server.check()

    server.stop()
    server.run()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_process_gracefully(number):
    program = (
        "import threading, time\n"
        "from node.settings import Settings\n"
        "from web import server\n"
        "settings = Settings(public_url='http://localhost:8000')\n"
        "it = server.Server(print, settings, time.monotonic, listen='127.0.0.1:0')\n"
        "with server._told_by_signals(it.stop):\n"
        "    print('up', flush=True)\n"
        "    it.run()\n"
        "print('down')\n"
    )
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and program
        [sys.executable, "-c", program], stdout=subprocess.PIPE, env=os.environ
    )
    assert process.stdout.readline() == b"up\n"

    process.send_signal(number)

    assert process.communicate(timeout=20)[0] == b"down\n"
    assert process.returncode == 0
