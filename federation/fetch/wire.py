"""One request on one connection, to an address that was checked.

The pace is asked at every read and every write, whatever is being read: head, body or
padding. No proxy, no retry, no redirect, no decoding, no second resolution.
"""

import io
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from socket import SOCK_STREAM, getaddrinfo, socket
from typing import TYPE_CHECKING, cast

from urllib3.connection import HTTPConnection, HTTPException, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError
from urllib3.exceptions import SSLError as TLSBroken
from urllib3.response import BaseHTTPResponse

from federation.errors import Unfetched
from federation.fetch import codes
from federation.fetch.addresses import Place

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_CONNECT_SECONDS = 5.0
_ADDRESSES_TRIED = 4
_HEAD_SIZE = 32 * 1024
_PIECE = 16 * 1024


class Pace:
    """How long an exchange may still take, and how much may still come."""

    def __init__(self, seconds: float, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._ends = monotonic() + seconds
        self._room = 0

    def left(self) -> float:
        """Return the seconds that are left, or stop."""
        seconds = self._ends - self._monotonic()
        if seconds <= 0:
            raise Unfetched(codes.SLOW)
        return seconds

    def expect(self, size: int) -> None:
        """Allow so many bytes from here on."""
        self._room = size

    def count(self, size: int) -> None:
        """Count what arrived, or stop."""
        self._room -= size
        if self._room < 0:
            raise Unfetched(codes.LARGE)


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked, and where."""

    method: str
    place: Place
    fields: Mapping[str, str]
    body: bytes | None = None


class _Line(io.RawIOBase):
    """Stands in for the socket, which by itself waits anew for every byte."""

    def __init__(self, sock: socket, pace: Pace) -> None:
        self._sock = sock
        self._pace = pace

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        self._sock.settimeout(self._pace.left())
        size = self._sock.recv_into(buffer)
        self._pace.count(size)
        return size

    def sendall(self, content: bytes) -> None:
        for start in range(0, len(content), _PIECE):
            self._sock.settimeout(self._pace.left())
            self._sock.sendall(content[start : start + _PIECE])

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def settimeout(self, _seconds: float | None) -> None:
        pass  # the pace does

    def close(self) -> None:
        pass  # the exchange does: http.client would before the body is read


class Reply:
    """What is answered: its head is here, its body is still to come."""

    def __init__(self, answer: BaseHTTPResponse, pace: Pace) -> None:
        self._answer = answer
        self._pace = pace
        self.status = answer.status
        #: By lower case name; what came more than once, with commas between.
        self.fields = {name.lower(): answer.headers[name] for name in answer.headers}

    def whole(self, size: int) -> bytes:
        """Return the body, which must end within so many bytes."""
        # Twice, for how it is cut into chunks. The body itself is counted below.
        self._pace.expect(2 * size)
        body = bytearray()
        while more := self._answer.read1(_PIECE):
            body += more
            if len(body) > size:
                raise Unfetched(codes.LARGE, self.status)
        return bytes(body)

    def beginning(self, size: int) -> bytes:
        """Return what comes within size and time, whatever happens to the rest."""
        self._pace.expect(size)
        body = bytearray()
        with suppress(Unfetched, OSError, HTTPError, HTTPException):
            while more := self._answer.read1(size - len(body)):
                body += more
        return bytes(body)


def addresses_of(host: str, port: int) -> list[str]:
    """Ask the system for all addresses of a name."""
    found = getaddrinfo(host, port, type=SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def tls(ca_file: Path | None) -> ssl.SSLContext:
    """Return what every connection must fulfil; authorities may be added, not taken."""
    context = ssl.SSLContext(
        ssl.PROTOCOL_TLS_CLIENT
    )  # certificate and name are checked
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # Where OpenSSL was built to look. `load_default_certs` would ask SSL_CERT_FILE.
    built = ssl.get_default_verify_paths()
    for authorities in (Path(built.openssl_cafile), Path(built.openssl_capath)):
        if authorities.is_file():
            context.load_verify_locations(cafile=authorities)
        elif authorities.is_dir():
            context.load_verify_locations(capath=authorities)
    if ca_file is not None:
        context.load_verify_locations(cafile=ca_file)
    return context


@contextmanager
def answered(
    request: Request, addresses: Sequence[str], context: ssl.SSLContext, pace: Pace
) -> Iterator[Reply]:
    """Ask, and give the answer as soon as its head is here."""
    with _told():
        connection = _connected(request.place, addresses, context, pace)
        sock = connection.sock
        # To http.client this is a socket: it sends on it, and makes a file of it.
        connection.sock = cast("socket", _Line(sock, pace))
        try:
            yield Reply(_head(connection, request, pace), pace)
        finally:
            connection.close()
            sock.close()


def _connected(
    place: Place, addresses: Sequence[str], context: ssl.SSLContext, pace: Pace
) -> HTTPConnection:
    failed: Exception | None = None
    for address in addresses[:_ADDRESSES_TRIED]:
        # Half, because the handshake of TLS is given the same time once more.
        seconds = min(_CONNECT_SECONDS, pace.left() / 2)
        connection = HTTPConnection(address, place.port, timeout=seconds)
        if place.scheme == "https":
            connection = HTTPSConnection(
                address,
                place.port,
                timeout=seconds,
                ssl_context=context,
                server_hostname=place.host,
            )
        try:
            connection.connect()
        except (ConnectTimeoutError, NewConnectionError) as error:
            failed = error
        else:
            return connection
    raise Unfetched(codes.UNREACHABLE) from failed


def _head(connection: HTTPConnection, request: Request, pace: Pace) -> BaseHTTPResponse:
    pace.expect(_HEAD_SIZE)
    # Who refuses a body closes early, and may have said why.
    with suppress(BrokenPipeError, ConnectionResetError):
        connection.request(
            request.method,
            request.place.target,
            body=request.body,
            headers=request.fields,
            preload_content=False,
            decode_content=False,
        )
    return connection.getresponse()


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except TimeoutError as error:
        raise Unfetched(codes.SLOW) from error
    except (ssl.SSLError, TLSBroken) as error:
        raise Unfetched(codes.TLS) from error
    except (OSError, HTTPError, HTTPException) as error:
        raise Unfetched(codes.UNREACHABLE) from error
