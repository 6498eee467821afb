"""Digests of a body: `Content-Digest` (RFC 9530) and the older `Digest`.

Every digest of a known kind must be that of the raw bytes, and there must be one.
"""

import hmac
import re
from base64 import b64encode
from hashlib import sha256, sha512

from federation.errors import DigestWrong

_CONTENT_HASHES = {"sha-256": sha256, "sha-512": sha512}
_CONTENT = re.compile(r"([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/]*={0,2}):", re.ASCII)
_OLDER = re.compile(r"([A-Za-z0-9-]+)=([A-Za-z0-9+/]*={0,2})", re.ASCII)
#: No stranger hashes a body a hundred times.
_MOST = 4


def content_digest(body: bytes) -> str:
    """Return the `Content-Digest` of a body."""
    return f"sha-256=:{_b64(sha256(body).digest())}:"


def digest(body: bytes) -> str:
    """Return the older `Digest` of a body."""
    return f"SHA-256={_b64(sha256(body).digest())}"


def check_content_digest(text: str, body: bytes) -> None:
    """Refuse a `Content-Digest` that says nothing certain, or something else."""
    if text == content_digest(body):  # what nearly everybody sends
        return
    found = _pairs(_CONTENT, text)
    known = found.keys() & _CONTENT_HASHES.keys()
    if not known or not all(
        _same(found[name], _CONTENT_HASHES[name](body).digest()) for name in known
    ):
        raise DigestWrong("The Content-Digest is not that of the body.")


def check_digest(text: str, body: bytes) -> None:
    """Refuse a `Digest` that is not the SHA-256 of the body, and nothing beside it."""
    if text == digest(body):
        return
    found = {name.lower(): value for name, value in _pairs(_OLDER, text).items()}
    if list(found) != ["sha-256"] or not _same(found["sha-256"], sha256(body).digest()):
        raise DigestWrong("The Digest is not the SHA-256 of the body.")


def _pairs(pattern: re.Pattern[str], text: str) -> dict[str, str]:
    parts = [pattern.fullmatch(part.strip(" \t")) for part in text.split(",", _MOST)]
    pairs = [(part[1], part[2]) for part in parts if part]
    found = dict(pairs)
    if len(found) < len(parts):
        raise DigestWrong("The digest cannot be read, or stands twice.")
    return found


def _same(text: str, expected: bytes) -> bool:
    # Compared as text: base64 without its padding is another spelling.
    return hmac.compare_digest(text, _b64(expected))


def _b64(raw: bytes) -> str:
    return b64encode(raw).decode()
