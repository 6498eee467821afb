"""A member's device in software: it makes case keys and signs statements.

It is as honest as it is asked to be: every part of what it signs can be another one.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import count

from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ledger import author, entry
from ledger.author import Passkey, Proof
from ledger.encoding import Json
from tests.support.authenticator import Authenticator, b64u, unb64u

ORIGIN = "ash.example/ledger"
_numbers = count(1)


def chance(size: int) -> bytes:
    """Return bytes that nobody got before."""
    return sha256(f"device {next(_numbers)}".encode()).digest()[:size]


@dataclass(frozen=True)
class Device:
    """One device, with the key that it signs with and the key of one case."""

    key: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | Authenticator = field(
        default_factory=ed25519.Ed25519PrivateKey.generate
    )
    case: bytes = field(default_factory=lambda: chance(16))
    case_key: bytes = field(default_factory=lambda: chance(32))
    log: str = ORIGIN

    @property
    def kc(self) -> bytes:
        return entry.key_commitment(self.case_key)

    @property
    def pub(self) -> bytes:
        """The public key, as ledgers have it."""
        if isinstance(self.key, ed25519.Ed25519PrivateKey):
            raw = self.key.public_key()
            return raw.public_bytes(Encoding.Raw, PublicFormat.Raw)
        key = self.key.key if isinstance(self.key, Authenticator) else self.key
        point = PublicFormat.UncompressedPoint
        return key.public_key().public_bytes(Encoding.X962, point)

    @property
    def key_id(self) -> str:
        return author.key_id(self.pub)

    def begin(self, text: str, **other: object) -> dict[str, object]:
        """Sign the words that begin a case; return what a program sends with them."""
        fields = {"text": text, "channel": "api"}
        signed = self.sign("submission", fields, **other)
        return {**signed, "case_key": b64u(self.case_key)}

    def sign(
        self, kind: str, fields: Mapping[str, Json], /, **other: object
    ) -> dict[str, object]:
        """Sign a statement; `other` are members of it that are to be different."""
        d = [entry.disclose(chance(16), name, it) for name, it in fields.items()]
        statement = entry.Statement(
            log=self.log,
            case=self.case,
            kc=self.kc,
            kind=kind,
            fields=tuple(entry.digest(one) for one in d),
            re=None,
            seen=None,
            ts=1_772_445_600_000,
            nonce=chance(16),
        )
        s = entry.statement(replace(statement, **other))
        return {"s": b64u(s), "p": b64u(self.proof(s)), "d": d}

    def proof(self, s: bytes) -> bytes:
        """Return P for a statement."""
        return author.write(self._proof(author.message(s)))

    def _proof(self, message: bytes) -> Proof:
        match self.key:
            case ed25519.Ed25519PrivateKey():
                return Proof("ed25519", self.pub, self.key.sign(message))
            case ec.EllipticCurvePrivateKey():
                sig = self.key.sign(message, ec.ECDSA(SHA256()))
                raw = b"".join(
                    one.to_bytes(32, "big") for one in decode_dss_signature(sig)
                )
                return Proof("es256", self.pub, raw)
            case _:
                return self._passkey(message)

    def _passkey(self, message: bytes) -> Proof:
        host = self.log.partition("/")[0]
        asked = {"challenge": b64u(sha256(message).digest()), "rpId": host}
        said = json.loads(self.key.sign(json.dumps(asked)))["response"]
        auth, client = unb64u(said["authenticatorData"]), unb64u(said["clientDataJSON"])
        sig = unb64u(said["signature"])
        return Proof("webauthn-es256", self.pub, sig, Passkey(auth, client, host))


def p256() -> Device:
    """Return a device whose browser has no Ed25519."""
    return Device(ec.generate_private_key(ec.SECP256R1()))
