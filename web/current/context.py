"""What a request has whoever sent it: node, name, time, address."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar, cast
from uuid import UUID

from flask import current_app, g, request

from node import start, throttle
from node.core import Node
from node.start import Community

Found = TypeVar("Found")
Given = ParamSpec("Given")


def once(name: str, find: Callable[[], Found]) -> Found:
    """Return what is found, looking for it at most once in a request."""
    if name not in g:
        setattr(g, name, find())
    return cast("Found", getattr(g, name))


def node() -> Node:
    """Return the node this process serves."""
    return cast("Node", current_app.extensions["folkmoot"])


def one_look(view: Callable[Given, Found]) -> Callable[Given, Found]:
    """Let all that a page shows be read together, as it was at one moment."""

    @wraps(view)
    def looking(*args: Given.args, **values: Given.kwargs) -> Found:
        with node().look():
            return view(*args, **values)

    return looking


def begin() -> None:
    """Note when the request came in. Called once, by `app.py`."""
    g.began = node().monotonic()


def elapsed_ms() -> int:
    """Return how long the request has taken so far, in milliseconds."""
    now = node().monotonic()
    return round((now - cast("float", g.get("began", now))) * 1000)


def request_id() -> str:
    """Return the name of this request, as it is logged and shown on error pages."""
    return once("request_id", lambda: node().dice(16).hex())


def target() -> str:
    """Return path and query as the request line had them."""
    environ = request.environ
    return str(environ.get("REQUEST_URI") or environ.get("RAW_URI") or request.path)


def source() -> str:
    """Return the block of addresses the request came from, for limits."""
    return throttle.block(request.remote_addr or "")


def fresh_id() -> UUID:
    """Return a new id, for a form that shall count once however often it is sent."""
    return UUID(bytes=node().dice(16), version=4)


def url(path: str) -> str:
    """Return the public address of a path; request headers have no say in it."""
    return node().settings.origin + path


def community() -> Community:
    """Return the community whose node this is."""
    return once("community", lambda: start.community(node()))
