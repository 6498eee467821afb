"""Somebody who reads our pages and fills in our forms, without a browser.

Like a browser, a reader sends back what a form hides, follows where it is led, and
keeps cookies by their path.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

HERE = "https://ash.example"
MOVED = (302, 303)


@dataclass
class Form:
    """One form of a page, with what it would send as it stands."""

    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


@dataclass
class Reader:
    """One browser, and the page it is on."""

    app: Flask
    client: FlaskClient = None
    page: TestResponse = None
    path: str = "/"
    here: str = HERE
    #: In which language each page is asked for; empty leaves that to the node.
    tongue: str = ""

    def __post_init__(self):
        self.client = self.app.test_client()

    def open(self, path: str, status: int = 200) -> str:
        """Go to a page, wherever it leads; return its text."""
        for _ in range(5):
            self.page = self.client.get(self._asked(path), base_url=self.here)
            self.path = path
            if self.page.status_code not in MOVED:
                break
            path = self.page.headers["Location"].removeprefix(self.here)
        assert self.page.status_code == status, self.text
        return self.text

    def send(self, action: str, status: int = 200, **typed: str) -> str:
        """Fill in the form with this address, send it, and follow."""
        form = next(one for one in self.forms if one.action == action)
        unknown = typed.keys() - form.names - {"go"}
        assert not unknown, f"{action} has no field {unknown}"
        return self.post(action, status, **{**form.values, **typed})

    def post(self, path: str, status: int = 200, **typed: str) -> str:
        """Send fields to an address, and follow."""
        self.page = self.client.post(
            self._asked(path),
            base_url=self.here,
            data=typed,
            headers={"Origin": self.here},
        )
        self.path = path
        if self.page.status_code in MOVED:
            moved = self.page.headers["Location"].removeprefix(self.here)
            return self.open(moved, status)
        assert self.page.status_code == status, self.text
        return self.text

    def another(self) -> "Reader":
        """Return somebody else with a new browser, who reads the same language."""
        return Reader(self.app, here=self.here, tongue=self.tongue)

    def _asked(self, path: str) -> str:
        if not self.tongue:
            return path
        path = path.partition("#")[0]
        return f"{path}{'&' if '?' in path else '?'}lang={self.tongue}"

    @property
    def html(self) -> str:
        """The page as it was sent."""
        return self.page.text

    @property
    def text(self) -> str:
        """What stands on the page, as words."""
        return " ".join(_Words.of(self.html).split())

    @property
    def title(self) -> str:
        """The page's title."""
        return re.search(r"<title>(.*?)</title>", self.html, re.DOTALL)[1]

    @property
    def forms(self) -> list[Form]:
        """The forms of the page."""
        return _Forms.of(self.html)

    @property
    def links(self) -> list[str]:
        """Where the page leads inside the house."""
        found = re.findall(
            r'<(?:a|link|img|script)[^>]* (?:href|src)="([^"]*)"', self.html
        )
        return [link for link in found if not urlsplit(link).scheme]


class _Words(HTMLParser):
    def __init__(self):
        super().__init__()
        self.parts, self.hidden = [], 0

    @classmethod
    def of(cls, html):
        parser = cls()
        parser.feed(html)
        return "".join(parser.parts)

    def handle_starttag(self, tag, _attributes):
        self.hidden += tag in {"script", "style"}
        if tag not in {"b", "bdi", "time", "span", "a", "strong", "wbr"}:
            self.parts.append(" ")

    def handle_endtag(self, tag):
        self.hidden -= tag in {"script", "style"}

    def handle_data(self, data):
        if not self.hidden:
            self.parts.append(data)


class _Forms(HTMLParser):
    def __init__(self):
        super().__init__()
        self.forms, self.area, self.select = [], None, None

    @classmethod
    def of(cls, html):
        parser = cls()
        parser.feed(html)
        return parser.forms

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form":
            self.forms.append(Form(given["action"], given.get("method", "get")))
        elif self.forms and "name" in given:
            self._field(tag, given)
        elif tag == "option" and self.select and "selected" in given:
            self.forms[-1].values[self.select] = given["value"]
        elif tag == "option" and self.select:
            self.forms[-1].values.setdefault(self.select, given["value"])

    def _field(self, tag, given):
        form, name = self.forms[-1], given["name"]
        form.names.add(name)
        if tag == "textarea":
            self.area = name
            form.values[name] = ""
        elif tag == "select":
            self.select = name
        elif given.get("type") in {"radio", "checkbox"}:
            if "checked" in given:
                form.values[name] = given["value"]
        elif tag == "input" and given.get("type") != "file":
            form.values[name] = given.get("value", "")

    def handle_endtag(self, tag):
        if tag == "textarea" and self.area:
            form = self.forms[-1]
            form.values[self.area] = form.values[self.area].removeprefix("\n")
        if tag in {"textarea", "select"}:
            self.area = self.select = None

    def handle_data(self, data):
        if self.area:
            self.forms[-1].values[self.area] += data
