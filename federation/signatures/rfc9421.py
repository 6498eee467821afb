"""The profile of RFC 9421: what is covered, what the signed bytes are, who signed.

A signature counts if it covers method, target and the digest of the body, names its
key and its time, and holds no component that another reader could read differently.
"""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from federation.errors import (
    KeyAway,
    KeyRefused,
    SignatureNarrow,
    SignatureStale,
    Unverified,
)
from federation.signatures import digests, members, message
from federation.signatures.members import Claim
from federation.signatures.message import Fields, Received, Target
from federation.signatures.shapes import Profile, Request, Signer, Verified

#: What each kind of key is called in `alg`.
ALGORITHMS = {"rsa": "rsa-v1_5-sha256", "ed25519": "ed25519"}
#: A parameter that is not listed could mean something that we do not check.
_PARAMETERS: Mapping[str, type] = {
    "created": int,
    "expires": int,
    "keyid": str,
    "alg": str,
    "nonce": str,
    "tag": str,
}
_LABEL, _LIFETIME = "sig1", 300


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be signed: as usual, or as a peer's `Accept-Signature` wants it."""

    label: str
    components: tuple[str, ...]
    #: `nonce`, `tag` and `alg`, to be repeated as they are.
    echoed: tuple[tuple[str, str], ...] = ()
    expires: bool = False


def usual(*, body: bool) -> Asked:
    """Return what is signed where nobody asked for anything else."""
    digest = ("content-digest",) if body else ()
    return Asked(_LABEL, ("@method", "@target-uri", *digest))


def algorithm(signer: Signer) -> str:
    """Return what a signer's algorithm is called."""
    kind = "rsa" if isinstance(signer.key, RSAPrivateKey) else "ed25519"
    return ALGORITHMS[kind]


def has_body(request: Request) -> bool:
    """Say whether the signature of a request must cover a digest."""
    return request.method == "POST" or bool(request.body)


def covers(components: tuple[str, ...], query: str, *, body: bool) -> bool:
    """Say whether these components leave nothing open that decides."""
    place = {"@authority", "@path"} | ({"@query"} if query else set())
    return (
        "@method" in components
        and ("@target-uri" in components or place <= set(components))
        and (not body or "content-digest" in components)
    )


def sign(
    request: Request, signer: Signer, *, at: datetime, asked: Asked | None = None
) -> dict[str, str]:
    """Return the fields that sign a request; they replace any of their names."""
    asked = asked or usual(body=has_body(request))
    where = message.target(request.url)
    added: dict[str, str] = {}
    if "content-digest" in asked.components:
        added["Content-Digest"] = digests.content_digest(request.body or b"")
    if "date" in asked.components:
        added["Date"] = message.http_date(at)
    fields = message.fields(request.fields)
    fields |= {name.lower(): value for name, value in added.items()}
    fields["host"] = where.authority
    claim = _claim(asked, signer, int(at.timestamp()))
    raw = _raw(signer, signed_bytes(claim, request.method, where, fields))
    added["Signature-Input"] = f"{claim.label}={claim.text}"
    added["Signature"] = f"{claim.label}=:{b64encode(raw).decode()}:"
    return added


def _claim(asked: Asked, signer: Signer, created: int) -> Claim:
    parameters: dict[str, str | int] = {"created": created}
    if asked.expires:
        parameters["expires"] = created + _LIFETIME
    parameters |= {"keyid": signer.key_id, **dict(asked.echoed)}
    text = members.canonical(asked.components, parameters)
    return Claim(asked.label, asked.components, parameters, text)


def _raw(signer: Signer, base: bytes) -> bytes:
    if isinstance(signer.key, RSAPrivateKey):
        return signer.key.sign(base, PKCS1v15(), SHA256())
    return signer.key.sign(base)


def verify(received: Received) -> Verified:
    """Return what the first good label says. Each is tried; none is combined."""
    if "signature" not in received.fields:
        raise Unverified("The request says what is signed, and has no signature.")
    claims = members.claims(received.fields["signature-input"])
    signatures = members.signatures(received.fields["signature"])
    if {claim.label for claim in claims} != signatures.keys():
        raise Unverified("Each label has one list of components and one signature.")
    refused: Unverified | KeyAway | None = None
    for claim in claims:
        try:
            return _verify_one(received, claim, signatures[claim.label])
        except (Unverified, KeyAway) as error:
            # A key that is away may be there next time: that is worth saying.
            refused = refused if isinstance(refused, KeyAway) else error
    raise refused or Unverified("The request has no signature.")


def _verify_one(received: Received, claim: Claim, signature: bytes) -> Verified:
    created, key_id = _check(received, claim)
    moment = received.moment(created)
    base = signed_bytes(
        claim, received.request.method, received.target, received.fields
    )
    key = received.key(key_id)
    if claim.parameters.get("alg") not in {None, ALGORITHMS[key.kind]}:
        raise KeyRefused("The signature names an algorithm that is not its key's.")
    if not key.verify(signature, base):
        raise Unverified("The signature does not hold.")
    mark = sha256(key_id.encode() + signature).digest()
    return Verified(key_id, key.owner, Profile.RFC9421, claim.components, moment, mark)


def _check(received: Received, claim: Claim) -> tuple[int, str]:
    # Federation, 5.1: steps 2 to 6, as far as they need no key.
    body = has_body(received.request)
    if not covers(claim.components, received.target.query, body=body):
        raise SignatureNarrow("Method, target and digest must all be covered.")
    if "content-digest" in claim.components:
        digests.check_content_digest(
            received.fields.get("content-digest", ""), received.body
        )
    said = claim.parameters
    if any(type(it) is not _PARAMETERS.get(name) for name, it in said.items()):
        raise Unverified("A parameter of the signature is unknown, or of a wrong type.")
    match said:
        case {"created": int(created), "keyid": str(key_id)}:
            pass
        case _:
            raise Unverified("A signature names its key and its time.")
    expires = said.get("expires")
    if isinstance(expires, int) and expires < received.at.timestamp():
        raise SignatureStale("The signature has expired.")
    return created, key_id


def signed_bytes(claim: Claim, method: str, where: Target, fields: Fields) -> bytes:
    """Return the signature base (RFC 9421, 2.5), or refuse what has none."""
    values = fields | {
        "@method": method,
        "@target-uri": where.uri,
        "@authority": where.authority,
        "@scheme": where.scheme,
        "@path": where.path,
        "@query": where.query or "?",
    }
    if not values.keys() >= set(claim.components):
        raise Unverified("A covered component is not in the request.")
    lines = [f'"{name}": {values[name]}' for name in claim.components]
    # The parameters as we write them, never a slice of what arrived.
    return message.base([*lines, f'"@signature-params": {claim.text}'])
