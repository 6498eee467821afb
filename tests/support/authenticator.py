"""An authenticator in software: P-256, no attestation, and as dishonest as asked."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256

import cbor2
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, UNLOCKED, NEW_KEY = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """One device with one key, as a browser at `origin` would use it."""

    origin: str
    credential_id: bytes
    #: What the browser says the key belongs to; None: what it was asked for.
    rp_id: str | None = None
    flags: int = PRESENT | UNLOCKED
    count: int = 0
    handle: bytes = b""
    key: EllipticCurvePrivateKey = field(
        default_factory=lambda: generate_private_key(SECP256R1())
    )

    def make(self, options_json: str) -> str:
        """Answer `navigator.credentials.create()`."""
        options = json.loads(options_json)
        self.handle = unb64u(options["user"]["id"])
        about = self._about(options["rp"]["id"], self.flags | NEW_KEY) + self._new_key()
        made = {"fmt": "none", "attStmt": {}, "authData": about}
        client = self._client("webauthn.create", options["challenge"])
        return self._answer(clientDataJSON=client, attestationObject=cbor2.dumps(made))

    def sign(self, options_json: str) -> str:
        """Answer `navigator.credentials.get()`."""
        options = json.loads(options_json)
        self.count += 1
        about = self._about(options["rpId"], self.flags)
        client = self._client("webauthn.get", options["challenge"])
        signature = self.key.sign(about + sha256(client).digest(), ECDSA(SHA256()))
        return self._answer(
            clientDataJSON=client,
            authenticatorData=about,
            signature=signature,
            userHandle=self.handle,
        )

    def _about(self, asked_rp_id: str, flags: int) -> bytes:
        name = sha256((self.rp_id or asked_rp_id).encode()).digest()
        return name + bytes([flags]) + self.count.to_bytes(4, "big")

    def _new_key(self) -> bytes:
        point = self.key.public_key().public_numbers()
        x, y = point.x.to_bytes(32, "big"), point.y.to_bytes(32, "big")
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        size = len(self.credential_id).to_bytes(2, "big")
        return bytes(16) + size + self.credential_id + public

    def _client(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin}
        return json.dumps(said).encode()

    def _answer(self, **response: bytes) -> str:
        name = b64u(self.credential_id)
        said = {key: b64u(raw) for key, raw in response.items()}
        return json.dumps(
            {"id": name, "rawId": name, "type": "public-key", "response": said}
        )


def b64u(raw: bytes) -> str:
    """Return base64url without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64u(text: str) -> bytes:
    """Return the bytes in base64url without padding."""
    return urlsafe_b64decode(text + "==")
