"""The author's proof P: which key stands behind a statement, and in which way.

Each way to sign has one row in a table: how its signature is checked, and which members
its proof has beyond those that all have.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from ledger.author.keys import ed25519, es256, es256_der, key_id
from ledger.author.passkeys import Passkey, ceremony
from ledger.encoding import Json, b64u, canonical, parse
from ledger.errors import Invalid
from ledger.note import Signer
from ledger.shapes import Shape

PROOF = "folkmoot.proof/1"
EVIDENCE = 32


class Channel(StrEnum):
    """How words reached the node that it attests to."""

    EMAIL = "email"
    PHONE = "phone"
    SMS = "sms"
    PAPER = "paper"
    IN_PERSON = "in_person"
    WEB = "web"
    API = "api"
    SOCIAL = "social"


@dataclass(frozen=True, slots=True)
class Attested:
    """How the node came by words that it vouches for."""

    channel: Channel
    evidence: bytes


@dataclass(frozen=True, slots=True)
class Proof:
    """An author's proof, before it is bytes or after it was read."""

    alg: str
    #: 32 bytes of Ed25519, or 65 of an uncompressed point on P-256.
    pub: bytes
    sig: bytes
    more: Passkey | Attested | None = None


@dataclass(frozen=True, slots=True)
class Author:
    """Whose key it was. Where words were attested, the key is the node's."""

    alg: str
    key: str
    pub: bytes
    attested: Attested | None = None


def message(s: bytes) -> bytes:
    """Return what an author's key signs for a statement."""
    return b"folkmoot/statement/v1\0" + s


def evidence(salt: bytes, facts: bytes) -> bytes:
    """Return what an attestation holds of its evidence, which stays private."""
    if len(salt) != EVIDENCE:
        raise Invalid("proof-malformed", f"The salt of evidence has {EVIDENCE} bytes.")
    return sha256(b"folkmoot/evidence/v1\0" + salt + facts).digest()


def sign(s: bytes, signer: Signer) -> bytes:
    """Return the proof P by which the node signs a statement of its own."""
    return _bytes(Proof("ed25519", signer.vkey.key, signer.key.sign(message(s))))


def attest(s: bytes, channel: Channel, evidence: bytes, signer: Signer) -> bytes:
    """Return the proof P by which the node vouches for words it took down."""
    how = Attested(channel, evidence)
    sig = signer.key.sign(_vouched(how, s))
    return _bytes(Proof("node-attested", signer.vkey.key, sig, how))


def _vouched(how: Attested, s: bytes) -> bytes:
    return b"folkmoot/attest/v1\0" + how.channel.encode() + b"\0" + how.evidence + s


def write(proof: Proof) -> bytes:
    """Return the bytes P of a proof that came from elsewhere, or refuse it."""
    raw = _bytes(proof)
    read(raw)  # what we write, we can read
    return raw


def _bytes(proof: Proof) -> bytes:
    return canonical(
        {
            "t": PROOF,
            "alg": proof.alg,
            "key": key_id(proof.pub),
            "pub": b64u(proof.pub),
            "sig": b64u(proof.sig),
            **_written(proof.more),
        }
    )


def _written(more: Passkey | Attested | None) -> dict[str, Json]:
    match more:
        case Passkey(auth, client, rp):
            return {"auth": b64u(auth), "client": b64u(client), "rp": rp}
        case Attested(channel, evidence):
            return {"channel": channel.value, "evidence": b64u(evidence)}
        case _:
            return {}


def read(p: bytes) -> Proof:
    """Read the exact bytes of a proof, without checking any signature."""
    shape = Shape(parse(p), "proof-malformed")
    way = _WAYS.get(shape.text("alg"))
    if way is None:
        raise Invalid("proof-malformed", "There is no such way to sign.")
    shape.require(PROOF, _COMMON | way.members)
    pub = shape.raw("pub")
    if shape.text("key") != key_id(pub):
        raise Invalid("key-mismatch", "The key's name is not that of the key.")
    return Proof(shape.text("alg"), pub, shape.raw("sig"), way.read(shape))


def _plain(_shape: Shape) -> None:
    return None


def _passkey(shape: Shape) -> Passkey:
    return Passkey(shape.raw("auth"), shape.raw("client"), shape.text("rp"))


def _attested(shape: Shape) -> Attested:
    if shape.text("channel") not in _CHANNELS:
        raise Invalid("proof-malformed", "There is no such channel.")
    return Attested(Channel(shape.text("channel")), shape.raw("evidence", EVIDENCE))


def verify(s: bytes, p: bytes, rp: Collection[str]) -> Author:
    """Check the proof of a statement; passkeys count for the hosts in `rp` only."""
    return check(s, read(p), rp)


def check(s: bytes, proof: Proof, rp: Collection[str]) -> Author:
    """Check a proof that was read already."""
    match proof.more:
        case Passkey():
            signed = ceremony(message(s), proof.more, rp)
        case Attested():
            signed = _vouched(proof.more, s)
        case _:
            signed = message(s)
    _WAYS[proof.alg].check(proof.pub, proof.sig, signed)
    attested = proof.more if isinstance(proof.more, Attested) else None
    return Author(proof.alg, key_id(proof.pub), proof.pub, attested)


_COMMON = frozenset({"t", "alg", "key", "pub", "sig"})
_PASSKEY = frozenset({"auth", "client", "rp"})
_CHANNELS = frozenset(Channel)


@dataclass(frozen=True, slots=True)
class _Way:
    check: Callable[[bytes, bytes, bytes], None]
    read: Callable[[Shape], Passkey | Attested | None] = _plain
    members: frozenset[str] = frozenset()


#: Every way to sign.
_WAYS = {
    "ed25519": _Way(ed25519),
    "es256": _Way(es256),
    "webauthn-es256": _Way(es256_der, _passkey, _PASSKEY),
    "webauthn-ed25519": _Way(ed25519, _passkey, _PASSKEY),
    "node-attested": _Way(ed25519, _attested, frozenset({"channel", "evidence"})),
}
