"""Hashes that hold something without saying it.

Each has its own first words, so that none can be taken for another.
"""

import hmac
from hashlib import sha256

from ledger.encoding import u64
from ledger.errors import Invalid
from ledger.tree import HASH

TAG = 16


def commit(nonce: bytes, e: bytes) -> bytes:
    """Return the commitment C to the exact bytes of an entry."""
    if len(nonce) != HASH:
        raise Invalid("entry-malformed", f"A nonce has {HASH} bytes.")
    return sha256(b"folkmoot/entry/v1\0" + nonce + e).digest()


def key_commitment(key: bytes) -> bytes:
    """Return kc, which names a case key without giving it away."""
    if len(key) != HASH:
        raise Invalid("case-key", f"A case key has {HASH} bytes.")
    return sha256(b"folkmoot/casekey/v1\0" + key).digest()


def tag(key: bytes, seq: int) -> bytes:
    """Return what lets the parties of a case, and nobody else, find its entries."""
    return hmac.digest(key, b"folkmoot/tag/v1\0" + u64(seq), "sha256")[:TAG]


def commit_payload(salt: bytes, payload: bytes) -> bytes:
    """Return what a clear leaf holds of bytes that live elsewhere."""
    if len(salt) != HASH:
        raise Invalid("leaf-malformed", f"The salt of a payload has {HASH} bytes.")
    return sha256(b"folkmoot/payload/v1\0" + salt + payload).digest()
