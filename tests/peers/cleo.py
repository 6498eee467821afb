"""A peer of another make as a process of its own, and what it can be told to do."""

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from tests.support import installed
from tests.support.processes import Home, Program, free_port, running

TYPE = "application/activity+json"
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered."""

    status: int
    fields: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body, to be read by people."""
        return self.body.decode(errors="replace")

    @property
    def code(self) -> str:
        """Why our node refused, in its own word."""
        return str(json.loads(self.body)["code"])


@dataclass(frozen=True, slots=True)
class Peer:
    """The other server, and what it can be told to do."""

    port: int

    @property
    def host(self) -> str:
        """Its name and port."""
        return f"localhost:{self.port}"

    @property
    def origin(self) -> str:
        """Where it is."""
        return f"http://{self.host}"

    @property
    def cleo(self) -> str:
        """Who lives there."""
        return f"{self.origin}/users/cleo"

    def order(self, name: str, **words: Any) -> Any:
        """Tell it to do something; return what it says."""
        body = json.dumps(words).encode()
        answer = ask("POST", f"{self.origin}/test/{name}", body=body)
        assert answer.status == 200, answer.text
        return json.loads(answer.body)

    def says(self, kind: str, about: object, **more: object) -> dict[str, Any]:
        """Return an activity of Cleo's."""
        return {
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": f"{self.origin}/activities/{uuid4()}",
            "type": kind,
            "actor": self.cleo,
            "to": [PUBLIC],
            "object": about,
            **more,
        }

    def tell(self, activity: Mapping[str, Any], *, to: str) -> None:
        """Let Cleo send an activity to somebody, the way Fedify does."""
        self.order("tell", activity=activity, to=to)

    def seen(self, kind: str) -> list[dict[str, Any]]:
        """Return what `arrived`, was `heard`, or was `sent`."""
        found: list[dict[str, Any]] = self.order("seen")[kind]
        return found

    def sent(self, activity_id: str) -> dict[str, Any]:
        """Return the one request that an activity left in."""
        [found] = [one for one in self.seen("sent") if one["id"] == activity_id]
        return found


def ask(
    method: str,
    url: str,
    *,
    fields: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> Answer:
    """Send one request as it is; return the answer."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    try:
        connection.request(method, target, body=body, headers=dict(fields or {}))
        response = connection.getresponse()
        said = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, said, response.read())
    finally:
        connection.close()


@contextmanager
def fedify(folder: Path, name: str, **mode: object) -> Iterator[Peer]:
    """Run a peer until the block ends; from the first it behaves in a mode."""
    peer, server = Peer(free_port()), installed.FEDIFY / "server.js"
    command = [installed.fedify_node(), server, peer.port, json.dumps(mode)]
    program = Program(command, log=f"{name}.log")
    with running(program, Home(folder, None), lambda: _ready(peer)):
        yield peer


def _ready(peer: Peer) -> None:
    peer.order("ready")


def served(iri: str) -> Any:
    """Return the document under an address, for whoever asks unsigned."""
    return json.loads(ask("GET", iri, fields={"Accept": TYPE}).body)


def digests(body: bytes, profile: str) -> dict[str, str]:
    """Return the field that names what a body is, as each profile has it."""
    found = b64encode(sha256(body).digest()).decode()
    if profile == "cavage":
        return {"digest": f"SHA-256={found}"}
    return {"content-digest": f"sha-256=:{found}:"}
