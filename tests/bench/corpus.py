"""Requests that many actors signed beforehand: good ones, and ones to be refused."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from federation.signatures import Request, Signer, cavage, rfc9421
from tests.bench.load import Next, Sent
from tests.support.stranger import ACTIVITY, AS2, PUBLIC, dump, pem_of, rsa_key

INBOX = "/ap/inbox"
_PROFILES = (rfc9421.sign, cavage.sign)
_WORDS = "We had the same in our street, and a letter by the council's form helped. "


@dataclass(frozen=True, slots=True)
class Sender:
    """One actor at an origin of its own on loopback."""

    port: int
    key: RSAPrivateKey

    @property
    def host(self) -> str:
        """Its host, as the node's settings list it."""
        return f"127.0.0.1:{self.port}"

    @property
    def id(self) -> str:
        """Who it is."""
        return f"http://{self.host}/u/eve"

    def document(self) -> dict[str, object]:
        """Return its actor document."""
        key = {"id": f"{self.id}#main-key", "owner": self.id}
        return {
            "@context": [AS2, "https://w3id.org/security/v1"],
            "id": self.id,
            "type": "Person",
            "preferredUsername": "eve",
            "inbox": f"{self.id}/inbox",
            "publicKey": {**key, "publicKeyPem": pem_of(self.key)},
        }


@dataclass
class Corpus:
    """Replies to one public case, signed in turn by these senders in both profiles."""

    #: The node's public address, which every signature covers.
    url: str
    community: str
    senders: tuple[Sender, ...]
    case: str = ""
    _numbers: Iterator[int] = field(default_factory=count)

    def replies(self, wanted: int, key: RSAPrivateKey | None = None) -> list[Sent]:
        """Return requests that were never sent; by another key they are forged."""
        return [self._one(key) for _ in range(wanted)]

    def _one(self, key: RSAPrivateKey | None) -> Sent:
        number = next(self._numbers)
        sender = self.senders[number % len(self.senders)]
        sign = _PROFILES[number // len(self.senders) % 2]
        body = dump(self._activity(sender.id))
        fields = {"Content-Type": ACTIVITY}
        request = Request("POST", self.url + INBOX, tuple(fields.items()), body)
        signer = Signer(f"{sender.id}#main-key", key or sender.key)
        signed = sign(request, signer, at=datetime.now(UTC))
        host = self.url.partition("//")[2]
        return INBOX, body, {**fields, "Host": host, **signed}

    def _activity(self, actor: str) -> dict[str, object]:
        named = str(uuid4())
        return {
            "@context": AS2,
            "id": f"{actor}/acts/{named}",
            "type": "Create",
            "actor": actor,
            "to": [PUBLIC],
            "cc": [self.community],
            "object": {
                "id": f"{actor}/notes/{named}",
                "type": "Note",
                "attributedTo": actor,
                "inReplyTo": self.case,
                "content": f"<p>{_WORDS * 8}</p>",
                "to": [PUBLIC],
                "cc": [self.community],
            },
        }


def one_by_one(requests: list[Sent]) -> Next:
    """Return what hands out these requests, each once, to any number of threads."""
    return iter(requests).__next__


def senders(first: int, wanted: int) -> tuple[Sender, ...]:
    """Return so many senders, with a key each, on the ports from the first on."""
    return tuple(Sender(first + n, rsa_key(n + 1)) for n in range(wanted))


def write(folder: Path, known: tuple[Sender, ...]) -> None:
    """Put down what each origin serves, for `tests.bench.far`."""
    for one in known:
        (folder / f"{one.port}.json").write_bytes(dump(one.document()))
