"""Another node on a loopback socket, well in everything but what a test takes away."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.utils import format_datetime
from typing import Any

from federation.discovery import ACTIVITY, JRD, nodeinfo_links, webfinger_origin
from federation.fetch import Guard
from node.core import Node
from tests.support.hostile_http import Clock, Hostile, answer
from tests.support.stranger import Stranger, dump
from tests.support.village import Village

HOST = "cedar.example"


@contextmanager
def elsewhere(
    node: Node, village: Village, host: str = HOST, **changed: Any
) -> Iterator[Node]:
    """Serve Cedar; yield the node with a real guard, and both in its memory.

    `actor` are changes of its document, `at` its clock, `answers` whole answers.
    """
    with Hostile({}) as server:
        origin = f"http://{host}:{server.port}"
        server.answers = _answers(origin, node, village, changed)
        guard = Guard(
            "Folkmoot/1",
            insecure=frozenset({f"{host}:{server.port}"}),
            resolve=_resolve,
            monotonic=Clock(),
        )
        yield replace(node, network=guard, memory={"host": origin, "server": server})


def _resolve(host: str, _port: int) -> list[str]:
    if host == HOST:
        return ["127.0.0.1"]
    if host == "inside.example":
        return ["10.0.0.1"]
    raise OSError


def _answers(
    origin: str, node: Node, village: Village, changed: dict[str, Any]
) -> dict[str, Any]:
    date = {"Date": format_datetime(changed.get("at", village.now), usegmt=True)}
    who = Stranger(village, node, f"{origin}/ap/node").document()
    who |= changed.get("actor", {})
    asked = f"?resource={origin.replace(':', '%3A').replace('/', '%2F')}%2F"
    served = {
        f"/.well-known/webfinger{asked}": (webfinger_origin(origin), JRD),
        "/.well-known/nodeinfo": (nodeinfo_links(origin), "application/json"),
        "/ap/node": (who, ACTIVITY),
    }
    bodies: dict[str, Any] = {
        path: answer(dump(document), {"Content-Type": kind, **date})
        for path, (document, kind) in served.items()
    }
    bodies["/ap/node/inbox"] = answer(b"", status="405 Method Not Allowed")
    return {**bodies, **changed.get("answers", {})}
