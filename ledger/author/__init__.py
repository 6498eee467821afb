"""Who said it: checking, and making, the author's proof of a statement.

A person's own key is shown as such. Where the node vouches for words that came without
one, that is said too, and never dressed up as a signature of theirs.
"""

from ledger.author.keys import check_key, key_id
from ledger.author.passkeys import Passkey
from ledger.author.proofs import (
    Attested,
    Author,
    Channel,
    Proof,
    attest,
    check,
    evidence,
    message,
    read,
    sign,
    verify,
    write,
)

__all__ = [
    "Attested",
    "Author",
    "Channel",
    "Passkey",
    "Proof",
    "attest",
    "check",
    "check_key",
    "evidence",
    "key_id",
    "message",
    "read",
    "sign",
    "verify",
    "write",
]
