"""Whoever knocks at a node in a test: a browser with its cookies, or a program."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

from flask import Flask
from werkzeug.exceptions import NotFound
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from node import accounts
from node.core import Node
from tests.support import members
from web.app import create_app

SESSION, CASE = "__Host-folkmoot", "__Secure-folkmoot-case"
PARTY = "__Secure-folkmoot-party"


def app_of(node: Node) -> Flask:
    """Return the application of a node, as it is served."""
    return create_app(node, testing=True)


class Browser:
    """Keeps cookies, and says with each form that it came from a page of the node."""

    def __init__(self, app: Flask, node: Node) -> None:
        self.http = app.test_client()
        self.node = node

    def open(self, path: str, method: str = "GET", **given: Any) -> TestResponse:
        """Send a request and return the answer."""
        headers = {"Sec-Fetch-Site": "same-origin", **given.pop("headers", {})}
        return self.http.open(
            path,
            method=method,
            base_url=self.node.settings.origin,
            headers=headers,
            **given,
        )

    def get(self, path: str, **given: Any) -> TestResponse:
        """Look at a page."""
        return self.open(path, **given)

    def post(self, path: str, fields: Mapping[str, str], **given: Any) -> TestResponse:
        """Send a form, with the hidden fields of our pages."""
        return self.open(path, "POST", data={**self.hidden(), **fields}, **given)

    def hidden(self) -> dict[str, str]:
        """Return what every form of ours carries for this browser."""
        token = self.cookie(CASE) or self.cookie(SESSION)
        fields = {"form_token": accounts.form_token(self.node, self.node.now())}
        return fields | ({"csrf": accounts.csrf(self.node, token)} if token else {})

    def cookie(self, name: str, path: str = "/") -> str:
        """Return the value of a cookie, or nothing."""
        host = self.node.settings.hostname
        found = self.http.get_cookie(name, domain=host, path=path)
        return found.value if found else ""

    def sign_in(self, person_id: UUID) -> None:
        """Carry a session of somebody, as if they had just signed in."""
        token = members.enter(self.node, person_id).session_token
        self.http.set_cookie(SESSION, token, domain=self.node.settings.hostname)


class Program:
    """Asks the API, with the authority it was given."""

    def __init__(self, app: Flask, node: Node, authority: str = "") -> None:
        self.http = app.test_client(use_cookies=False)
        self.node = node
        self.authority = {"Authorization": authority} if authority else {}

    def ask(
        self, method: str, path: str, json: object = None, **headers: str
    ) -> TestResponse:
        """Send a request and return the answer; `_` in header names stands for `-`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.http.open(
            path,
            method=method,
            json=json,
            base_url=self.node.settings.origin,
            headers={**self.authority, **named},
        )


def address_of(app: Flask, rule: Rule, **parts: object) -> str:
    """Return a path that leads to a rule, with parts of nobody where none are given."""
    adapter = app.url_map.bind("localhost")
    method = min(rule.methods or ())
    for other in (UUID(int=0), 1, 2, "0" * 64):
        found = {name: parts.get(name, other) for name in rule.arguments}
        with suppress(ValueError, TypeError, NotFound):
            path = adapter.build(rule.endpoint, found, method=method)
            adapter.match(path, method=method)
            return path
    raise LookupError(rule.rule)


def token_of(node: Node, person_id: UUID, *scopes: str, role: str = "member") -> str:
    """Return what a program of somebody sends as its authority."""
    wanted = scopes or ("cases:read", "cases:write")
    token = accounts.grant_token(node, role=role, person_id=person_id, scopes=wanted)
    return f"Bearer {token}"
