"""A server on loopback that answers whatever a test says, byte for byte.

It keeps what it was asked. A test's answer is bytes, or a function that is given the
connection and may send as slowly, as long or as wrongly as it likes.
"""

import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self

type_of_answer = bytes | Callable[[socket.socket], None]

_PATIENCE = 10


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    line: str
    fields: dict[str, str]
    body: bytes

    @property
    def target(self) -> str:
        """What was asked for."""
        return self.line.split(" ")[1]


class Hostile:
    """Serves one connection after the other, each with the answer for its target."""

    def __init__(
        self,
        answers: dict[str, type_of_answer] | type_of_answer,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.answers = answers
        self.asked: list[Asked] = []
        self.reached = 0
        self._tls = tls
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(_PATIENCE)
        assert not self._thread.is_alive()

    def url(
        self, host: str = "ash.example", scheme: str = "http", at: str = "/a"
    ) -> str:
        """Return the address of something here, under a name."""
        return f"{scheme}://{host}:{self.port}{at}"

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                self.reached += 1
                with connection, suppress(OSError):
                    connection.settimeout(_PATIENCE)
                    self._serve_one(connection)

    def _serve_one(self, connection: socket.socket) -> None:
        if self._tls:
            with self._tls.wrap_socket(connection, server_side=True) as wrapped:
                self._answer(wrapped)
        else:
            self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        asked = _read(connection)
        self.asked.append(asked)
        answers = self.answers
        answer = answers[asked.target] if isinstance(answers, dict) else answers
        if isinstance(answer, bytes):
            connection.sendall(answer)
        else:
            answer(connection)


def _read(connection: socket.socket) -> Asked:
    with connection.makefile("rb") as lines:
        line = lines.readline().decode("latin-1").rstrip("\r\n")
        fields: dict[str, str] = {}
        while field := lines.readline().decode("latin-1").rstrip("\r\n"):
            name, _, value = field.partition(":")
            assert name.lower() not in fields, f"{name} was sent twice"
            fields[name.lower()] = value.strip()
        body = lines.read(int(fields.get("content-length", "0")))
    return Asked(line, fields, body)


def answer(
    body: bytes = b"{}",
    fields: dict[str, str] | None = None,
    status: str = "200 OK",
) -> bytes:
    """Return a well-formed answer, typed as an activity unless a field says else."""
    said = {"Content-Type": "application/activity+json", **(fields or {})}
    if "Transfer-Encoding" not in said:
        said.setdefault("Content-Length", str(len(body)))
    head = "".join(f"{name}: {value}\r\n" for name, value in said.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode("latin-1") + body


def moved(to: str, status: str = "302 Found") -> bytes:
    """Return an answer that points elsewhere."""
    return answer(b"", {"Location": to}, status)


class Clock:
    """A monotonic clock that a test, or its server, moves."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


class Ticking(Clock):
    """Moves by a second at each look, whatever a server does meanwhile."""

    def __call__(self) -> float:
        self.seconds += 1
        return self.seconds


class Leaping(Clock):
    """After its first look, a moment before the deadline: waiting is soon over."""

    def __init__(self, left: float, of: float) -> None:
        super().__init__()
        self._first = True
        self._leap = of - left

    def __call__(self) -> float:
        now = self.seconds
        if self._first:
            self._first, self.seconds = False, now + self._leap
        return now
