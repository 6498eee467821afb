"""What is signed, who signs, and what is known once a signature was good.

A request is what its sender's words and our settings make it: its address comes from
the configured origin, never from its own `Host`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from federation.keys import PublicKey

#: Finds the key of an id, or raises `KeyRefused` or `KeyAway`.
FindKey: TypeAlias = Callable[[str], PublicKey]


class Profile(StrEnum):
    """The two ways of signing that are understood here."""

    RFC9421 = "rfc9421"
    CAVAGE = "cavage"


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request, as it is signed or as it arrived."""

    method: str
    #: Absolute: the configured origin and the target of the request line.
    url: str
    fields: tuple[tuple[str, str], ...]
    #: The raw bytes; None where the request has no body.
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Verified:
    """What a good signature says. The caller still binds the owner to the activity."""

    key_id: str
    owner: str
    profile: Profile
    #: The components that the signature covers, in its order.
    covered: tuple[str, ...]
    created: datetime
    #: SHA-256 of key id and signature: what the replay cache keeps.
    mark: bytes


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key, and the id under which others find its public half."""

    key_id: str
    key: RSAPrivateKey | Ed25519PrivateKey = field(repr=False)
