"""The WSGI half of the header guard: what any server hands on, rules W1 to W4.

It stands outside of everything else, so that no code of ours, and no library, sees a
path with two readings, a foreign host, or an address somebody made up.
"""

import ipaddress
import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from node.logging import log
from node.settings import Settings
from web.guards import headers, hosts
from web.guards.block import Rule

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: Tells our server to close the connection after this answer.
CLOSE = "folkmoot.close"

PATH, HOST, PROXY, DATE = Rule("W1"), Rule("W2"), Rule("W3"), Rule("W4")
METHOD = Rule("W5", 405)

#: What any route takes. Which of them a given route takes, the router says.
METHODS = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")

_PATH = re.compile(r"/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*")
_QUERY = re.compile(r"[!-~]*")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})?")
_TWICE_READ = frozenset("/\\\0%")
_UNRESERVED = frozenset(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
)
_FIXDATE = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d "
    r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d GMT",
    re.ASCII,
)
_DATED = ("/ap/", "/witness/")
_PROBES = ("/healthz", "/readyz")
#: Said by proxies, and by whoever pretends to be one; or asking for another method.
_HEARSAY = ("HTTP_X_FORWARDED_", "HTTP_X_REMOTE_", "HTTP_X_HTTP_METHOD")
_HEARSAY_NAMES = (
    "HTTP_FORWARDED",
    "HTTP_PROXY",
    "HTTP_X_METHOD_OVERRIDE",
    "HTTP_X_ORIGINAL_URL",
    "HTTP_X_REAL_IP",
    "HTTP_X_REWRITE_URL",
    "REMOTE_USER",
)


class Guard:
    """Wraps the whole application; nothing reaches it that breaks a rule."""

    def __init__(self, app: "WSGIApplication", settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._hosts = hosts.accepted(settings)
        self._proxy = _network(settings.trusted_proxy)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Hand the request on, or refuse it with its body unread."""
        rule = (
            _method(environ)
            or _target(environ)
            or self._host(environ)
            or _date(environ)
            or self._peer(environ)
        )
        if rule is None:
            return self._app(environ, start_response)
        log().warning("http.guard", rule=rule.name, status=rule.status)
        environ[CLOSE] = True
        return _refuse(rule, start_response, secure=self._settings.secure)

    def _host(self, environ: "WSGIEnvironment") -> Rule | None:
        scheme = "https" if self._settings.secure else "http"
        given = hosts.canonical(environ.get("HTTP_HOST", ""), scheme)
        if given in self._hosts or _is_probe(environ):
            # From here on there is one name, whichever was used.
            environ["HTTP_HOST"] = self._settings.host
            return None
        return HOST

    def _peer(self, environ: "WSGIEnvironment") -> Rule | None:
        trusted = self._proxy is not None and _within(environ, self._proxy)
        hop = environ.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        scheme = environ.get("HTTP_X_FORWARDED_PROTO", "").rpartition(",")[2].strip()
        for name in list(environ):
            if name.startswith(_HEARSAY) or name in _HEARSAY_NAMES:
                del environ[name]
        if trusted and hop:
            try:
                environ["REMOTE_ADDR"] = str(ipaddress.ip_address(hop.strip("[]")))
            except ValueError:
                return PROXY
        if trusted and scheme:
            if scheme not in {"http", "https"}:
                return PROXY
            environ["wsgi.url_scheme"] = scheme
        return None


def _method(environ: "WSGIEnvironment") -> Rule | None:
    return None if environ["REQUEST_METHOD"] in METHODS else METHOD


def _target(environ: "WSGIEnvironment") -> Rule | None:
    raw = environ.get("REQUEST_URI") or environ.get("RAW_URI") or ""
    path, _, query = raw.partition("?")
    whole = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
    if not _PATH.fullmatch(path) or not _plain(path, whole):
        return PATH
    if not _QUERY.fullmatch(query) or not all(it[1] for it in _ESCAPE.finditer(query)):
        return PATH
    return PATH if "%00" in query else None


def _plain(path: str, as_read: str) -> bool:
    escapes = [it[1] for it in _ESCAPE.finditer(path)]
    if not all(escapes):
        return False
    meant = {chr(int(digits, 16)) for digits in escapes}
    if meant & (_TWICE_READ | _UNRESERVED) or any(it < " " for it in meant):
        return False
    first, *segments = path.split("/")
    if first or "" in segments[:-1] or {".", ".."} & set(segments):
        return False
    octets = unquote_to_bytes(path)
    return octets.decode("latin-1") == as_read and _is_text(octets)


def _is_text(octets: bytes) -> bool:
    try:
        octets.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _date(environ: "WSGIEnvironment") -> Rule | None:
    given = environ.get("HTTP_DATE")
    if given is None or not environ["PATH_INFO"].startswith(_DATED):
        return None
    return None if _FIXDATE.fullmatch(given) else DATE


def _is_probe(environ: "WSGIEnvironment") -> bool:
    return environ["PATH_INFO"] in _PROBES and any(
        _within(environ, ipaddress.ip_network(block))
        for block in ("127.0.0.0/8", "::1")
    )


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    return ipaddress.ip_network(text, strict=False) if text else None


def _within(
    environ: "WSGIEnvironment", block: ipaddress.IPv4Network | ipaddress.IPv6Network
) -> bool:
    try:
        return ipaddress.ip_address(environ.get("REMOTE_ADDR", "")) in block
    except ValueError:
        return False


def _refuse(
    rule: Rule, start_response: "StartResponse", *, secure: bool
) -> Iterable[bytes]:
    status = HTTPStatus(rule.status)
    body = f"{status.phrase}. Rule {rule.name}.\n".encode()
    fields = headers.standard(secure=secure) | {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": str(len(body)),
        "Cache-Control": headers.PERSONAL,
    }
    if rule is METHOD:
        fields["Allow"] = ", ".join(METHODS)
    start_response(f"{status.value} {status.phrase}", list(fields.items()))
    return [body]
