"""A browser without a screen: cookies, redirects, and forms filled in by name.

It does what a person with JavaScript off can do, and nothing a page does not offer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

_TIMEOUT = 30
_MOST_HOPS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_VOID = frozenset({"checkbox", "radio"})
#: Sends nothing as long as no file is chosen.
_FILE = "file"


class PageWrong(Exception):  # noqa: N818 - what was met, for the report
    """A page was not what the journey needs; the text says which and how."""


@dataclass(slots=True)
class Form:
    """A form on a page, with what stands in it before anybody types."""

    method: str
    action: str
    fields: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self._open: Form | None = None
        self._area: str | None = None
        self._select: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Form(given.get("method", "get"), given.get("action", ""))
            self.forms.append(self._open)
        elif tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif self._open is not None:
            self._control(self._open, tag, given)

    def _control(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name = given.get("name", "")
        if tag == "option" and self._select and "selected" in given:
            form.fields[self._select] = given.get("value", "")
        if not name:
            return
        form.names.add(name)
        if given.get("type") == _FILE:
            return
        if tag == "textarea":
            self._area, form.fields[name] = name, ""
        elif tag == "select":
            self._select = name
            form.fields.setdefault(name, "")
        elif tag == "input" and (given.get("type") not in _VOID or "checked" in given):
            form.fields[name] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "textarea":
            self._area = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._open is not None and self._area is not None:
            self._open.fields[self._area] += data.removeprefix("\n")
        elif data.strip():
            self.words.append(data.strip())


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said."""

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    @property
    def page(self) -> _Page:
        """The body as a page."""
        return _Page(self.text)


class Browser:
    """One person's browser."""

    def __init__(self, home: str) -> None:
        self.home = home
        self.cookies: dict[str, str] = {}

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Open an address, wherever it leads."""
        return self._go("GET", urljoin(self.home, path), b"", headers or {})

    def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send bytes, as a program does."""
        return self._go("POST", urljoin(self.home, path), body, headers)

    def fill(self, on: Answer, action: str, **typed: str) -> Answer:
        """Fill in the form whose action ends so, and send it."""
        form = next((one for one in on.page.forms if one.action.endswith(action)), None)
        if form is None:
            raise PageWrong(f"{_path(on.url)} has no form for {action}")
        unknown = typed.keys() - form.names - {"go"}
        if unknown:
            raise PageWrong(f"{_path(on.url)} has no field {sorted(unknown)}")
        body = urlencode({**form.fields, **typed}).encode()
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": self.home,
            "Sec-Fetch-Site": "same-origin",
        }
        return self._go("POST", urljoin(on.url, form.action or on.url), body, headers)

    def _go(
        self, method: str, url: str, body: bytes, headers: Mapping[str, str]
    ) -> Answer:
        for _ in range(_MOST_HOPS):
            answer = self._once(method, url, body, headers)
            if answer.status not in _REDIRECTS:
                return answer
            method, body = "GET", b""
            url = urljoin(url, answer.headers["location"])
        raise PageWrong(f"{_path(url)} leads in circles")

    def _once(
        self, method: str, url: str, body: bytes, headers: Mapping[str, str]
    ) -> Answer:
        parts = urlsplit(url)
        sent = dict(headers)
        if self.cookies:
            pairs = (f"{name}={value}" for name, value in self.cookies.items())
            sent["Cookie"] = "; ".join(pairs)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        connection = HTTPConnection(parts.netloc, timeout=_TIMEOUT)
        try:
            connection.request(method, path, body or None, sent)
            got = connection.getresponse()
            found = {name.lower(): value for name, value in got.getheaders()}
            for line in got.headers.get_all("Set-Cookie") or []:
                self._keep(line)
            return Answer(got.status, url, found, got.read())
        finally:
            connection.close()

    def _keep(self, line: str) -> None:
        for name, morsel in SimpleCookie(line).items():
            if morsel["max-age"] == "0" or not morsel.value:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = morsel.value


def _path(url: str) -> str:
    # Tokens stand in the last part of a path; a report never prints one.
    return urlsplit(url).path.rpartition("/")[0] or "/"
