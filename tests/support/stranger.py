"""Somebody on another server, with their own keys, who sends what they like."""

import json
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, run_wsgi_app
from werkzeug.wrappers import Response

from federation import proofs
from federation.fetch import Answer
from federation.keys import multikey
from federation.origins import origin
from federation.signatures import Request, Signer, cavage, rfc9421
from node.core import Node
from tests.support.village import Village

EVE = "https://cedar.example/u/eve"
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
AS2 = "https://www.w3.org/ns/activitystreams"
ACTIVITY = "application/activity+json"
PROFILES = {"rfc9421": rfc9421.sign, "cavage": cavage.sign}

Fields = Sequence[tuple[str, str]]
_numbers = count(1)


@cache
def rsa_key(number: int = 1) -> RSAPrivateKey:  # noqa: ARG001 - what tells them apart
    """Return one of a few RSA keys, made once in each run."""
    return generate_private_key(65_537, 2048)


@cache
def ed25519_key(number: int = 1) -> Ed25519PrivateKey:
    """Return one of a few Ed25519 keys."""
    return Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)


def pem_of(key: RSAPrivateKey) -> str:
    """Return the public half as actors list it."""
    form = PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(Encoding.PEM, form).decode()


def dump(document: object) -> bytes:
    """Return the bytes of a document as other software writes them."""
    return json.dumps(document).encode()


@dataclass
class Stranger:
    """One actor of another origin, and the node it sends to."""

    village: Village
    node: Node
    id: str = EVE
    #: Which of the few keys it has now.
    number: int = 1
    #: What its document says beside or instead of the usual.
    says: dict[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Let the village's roads lead to it."""
        self.serve()

    @property
    def origin(self) -> str:
        """Where it lives."""
        return origin(self.id)

    @property
    def key_id(self) -> str:
        """The id of the key it signs requests with."""
        return f"{self.id}#main-key"

    @property
    def proof_id(self) -> str:
        """The id of the key it proves documents with."""
        return f"{self.id}#ed25519-key"

    def document(self) -> dict[str, object]:
        """Return its actor document."""
        key = ed25519_key(self.number).public_key().public_bytes_raw()
        return {
            "@context": [AS2, "https://w3id.org/security/v1"],
            "id": self.id,
            "type": "Person",
            "preferredUsername": self.id.rpartition("/")[2],
            "inbox": f"{self.id}/inbox",
            "publicKey": {
                "id": self.key_id,
                "owner": self.id,
                "publicKeyPem": pem_of(rsa_key(self.number)),
            },
            "assertionMethod": [
                {
                    "id": self.proof_id,
                    "type": "Multikey",
                    "controller": self.id,
                    "publicKeyMultibase": multikey(key, "ed25519"),
                }
            ],
            **self.says,
        }

    def serve(self, **says: object) -> None:
        """Put its document where others find it, with these changes from now on."""
        self.says |= says
        self.put(self.id, self.document())

    def rotate(self) -> None:
        """Change its keys, under the ids they had."""
        self.number += 1
        self.serve()

    def put(
        self, url: str, document: object, *, status: int = 200, kind: str = ACTIVITY
    ) -> None:
        """Have something answered under a URL."""
        path = "/" + url.partition("://")[2].partition("/")[2]
        answer = Answer(status, {"content-type": kind}, dump(document))
        self.village.roads.stubs.setdefault(origin(url), {})[path] = answer

    def vanish(self, status: int = 410) -> None:
        """Be gone from its own server."""
        self.put(self.id, {}, status=status)

    def away(self) -> "Away":
        """Give no answer for as long as this is entered."""
        return Away(self.village.roads.away, self.origin)

    @property
    def fetched(self) -> int:
        """How often something was fetched where it lives."""
        carried = self.village.roads.carried
        return sum(
            method == "GET" and origin(url) == self.origin for method, url, _ in carried
        )

    # What it says.

    def act(self, kind: object, about: object = None, **changed: Any) -> dict[str, Any]:
        """Return an activity of its own, with an id nobody has used."""
        document = {
            "@context": AS2,
            "id": f"{self.id}/acts/{next(_numbers)}",
            "type": kind,
            "actor": self.id,
            "object": self.group if about is None else about,
            "to": [self.group],
            **changed,
        }
        return {key: it for key, it in document.items() if it is not ...}

    def note(self, **changed: Any) -> dict[str, Any]:
        """Return a post of its own."""
        document = {
            "id": f"{self.id}/notes/{next(_numbers)}",
            "type": "Note",
            "attributedTo": self.id,
            "content": "<p>Same here.</p>",
            "to": [PUBLIC],
            "cc": [self.group],
            **changed,
        }
        return {key: it for key, it in document.items() if it is not ...}

    def prove(self, document: dict[str, Any], **changed: Any) -> dict[str, Any]:
        """Return a document with its proof, changed after it was made."""
        named = {
            **document,
            "@context": [AS2, "https://w3id.org/security/data-integrity/v2"],
        }
        key, now = ed25519_key(self.number), self.village.now
        proven = proofs.sign(named, self.proof_id, key, at=now)
        return {**proven, **changed}

    @property
    def group(self) -> str:
        """The community that it sends to."""
        return f"{self.node.settings.origin}/ap/c/{self.slug}"

    @property
    def slug(self) -> str:
        """The community's name in addresses: as the village makes it."""
        return f"{self.node.settings.hostname.partition('.')[0]}"

    # How it sends.

    def signer(self, key: object = None, key_id: str = "") -> Signer:
        """Return what signs its requests."""
        return Signer(key_id or self.key_id, key or rsa_key(self.number))  # type: ignore[arg-type]

    def sign(
        self,
        body: bytes,
        to: str = "/ap/inbox",
        profile: str = "rfc9421",
        **how: Any,
    ) -> list[tuple[str, str]]:
        """Return the fields of a signed request to an inbox of the node."""
        url = self.node.settings.origin + to
        fields = [("Content-Type", ACTIVITY), *how.pop("fields", ())]
        signer = how.pop("signer", None) or self.signer()
        at = how.pop("at", self.village.now)
        request = Request("POST", url, tuple(fields), body)
        added = PROFILES[profile](request, signer, at=at, **how)
        return [*fields, *added.items()]

    def send(
        self,
        document: object,
        to: str = "/ap/inbox",
        profile: str = "rfc9421",
        **how: Any,
    ) -> Response:
        """Send a document, or bytes as they are, signed."""
        body = document if isinstance(document, bytes) else dump(document)
        return self.knock(body, self.sign(body, to, profile, **how), to)

    def knock(
        self, body: bytes, fields: Fields, to: str = "/ap/inbox", **environ: Any
    ) -> Response:
        """Send bytes with these fields. A part of the environment that is None goes."""
        place = self.node.settings.origin
        builder = EnvironBuilder(
            to, place, method="POST", headers=Headers(list(fields)), data=body
        )
        length = {"CONTENT_LENGTH": str(len(body))}
        found = {**builder.get_environ(), **length, **environ}
        builder.close()
        kept = {name: it for name, it in found.items() if it is not None}
        # Not by Flask's own client, which would put right what is wrong on purpose.
        return Response(*run_wsgi_app(self.app, kept))

    @property
    def app(self) -> Any:
        """The application of the node."""
        return self.village.roads.apps[self.node.settings.origin]


class Away(AbstractContextManager[None]):
    """An origin that gives no answer for a while."""

    def __init__(self, away: set[str], where: str) -> None:
        self._away, self._where = away, where

    def __enter__(self) -> None:
        self._away.add(self._where)

    def __exit__(self, *_error: object) -> None:
        self._away.discard(self._where)
