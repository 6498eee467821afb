"""Proofs that a document carries with it (FEP-8b32, eddsa-jcs-2022).

What is proven is the canonical form of everything in the document, members that we do
not know included. A proof says who vouches for a text, never who sent it.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from federation import origins
from federation.errors import KeyRefused, ProofBad, Rejected
from federation.keys import PublicKey
from federation.multibase import base58, unbase58

CRYPTOSUITE = "eddsa-jcs-2022"
_EXACTLY = {
    "type": "DataIntegrityProof",
    "cryptosuite": CRYPTOSUITE,
    "proofPurpose": "assertionMethod",
}
_AHEAD = timedelta(hours=1)
#: Of Ed25519. No RSA key that is taken makes one so short.
_SIGNATURE = 64
_RFC3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})",
    re.ASCII,
)


def sign(
    document: Mapping[str, object], method: str, key: Ed25519PrivateKey, *, at: datetime
) -> dict[str, object]:
    """Return the document with a proof by the key that `method` names."""
    proof: dict[str, object] = {
        # Mastodon wants the context repeated, as an array.
        "@context": document["@context"],
        **_EXACTLY,
        "verificationMethod": method,
        "created": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    raw = key.sign(signed_bytes(document, proof))
    return {**document, "proof": {**proof, "proofValue": "z" + base58(raw)}}


def verify(
    document: Mapping[str, object],
    find_key: Callable[[str], PublicKey],
    *,
    at: datetime,
) -> PublicKey:
    """Return the key whose owner vouches for a document, or refuse it."""
    proof = document.get("proof")
    if not isinstance(proof, Mapping):
        raise ProofBad("A document has one proof, and not a list of them.")
    method, signature = _read(proof, document, at)
    owner = _owner(document)
    if not origins.same(method, owner):
        raise ProofBad("The proof's key is not its owner's.")
    key = find_key(method)
    if key.owner != owner:
        raise ProofBad("The proof's key is not its owner's.")
    if not key.verify(signature, signed_bytes(document, proof)):
        raise ProofBad("The proof does not hold.")
    return key


def is_ours(document: Mapping[str, object]) -> bool:
    """Say whether a document carries a proof of the kind that must hold."""
    match document.get("proof"):
        case None | []:
            return False
        case {"cryptosuite": str(name)}:
            return name == CRYPTOSUITE
    return True


def signed_bytes(document: Mapping[str, object], proof: Mapping[str, object]) -> bytes:
    """Return the two hashes that are signed, or refuse what has no canonical form."""
    config = {name: it for name, it in proof.items() if name != "proofValue"}
    bare = {
        name: it for name, it in document.items() if name not in {"proof", "signature"}
    }
    return _hash(config) + _hash(bare)


def _hash(value: dict[str, object]) -> bytes:
    try:
        return sha256(rfc8785.dumps(value)).digest()  # type: ignore[arg-type]
    except (ValueError, RecursionError) as error:
        raise ProofBad("The document has no canonical form.") from error


def _read(
    proof: Mapping[str, object], document: Mapping[str, object], at: datetime
) -> tuple[str, bytes]:
    if any(proof.get(name) != value for name, value in _EXACTLY.items()):
        raise ProofBad("The proof is not of the kind that is used here.")
    if not _is_prefix(proof, document):
        raise ProofBad("The proof has another context than its document.")
    if _moment(proof.get("created")) > at + _AHEAD:
        raise ProofBad("The proof is from the future.")
    if "expires" in proof and _moment(proof["expires"]) < at:
        raise ProofBad("The proof has expired.")
    match proof:
        case {"verificationMethod": str(method), "proofValue": str(value)}:
            return method, _signature(value)
    raise ProofBad("The proof names no key, or has no value.")


def _signature(text: str) -> bytes:
    try:
        raw = unbase58(text[1:])
    except KeyRefused as error:
        raise ProofBad("The proof's value is not base58.") from error
    if text[:1] != "z" or len(raw) != _SIGNATURE:
        raise ProofBad("The proof's value is not a signature in base58.")
    return raw


def _is_prefix(proof: Mapping[str, object], document: Mapping[str, object]) -> bool:
    if "@context" not in proof:
        return True
    ours, theirs = _listed(proof["@context"]), _listed(document.get("@context"))
    return theirs[: len(ours)] == ours


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _moment(value: object) -> datetime:
    try:
        if isinstance(value, str) and _RFC3339.fullmatch(value):
            return datetime.fromisoformat(value)
    except ValueError as error:
        raise ProofBad("The proof has no time that can be read.") from error
    raise ProofBad("The proof has no time that can be read.")


def _owner(document: Mapping[str, object]) -> str:
    try:
        owner = origins.owner(document)
    except Rejected as error:
        raise ProofBad("The document does not say whose it is.") from error
    id_ = document.get("id")
    if not isinstance(id_, str) or not origins.same(id_, owner):
        raise ProofBad("The document and its owner have different origins.")
    return owner
