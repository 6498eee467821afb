"""Who sent a request: HTTP signatures of two profiles, read strictly and written.

RFC 9421 comes first. A request that has a `Signature-Input` is judged by it and never
by the older draft, whatever the outcome: else a stranger chooses the weaker rules.
"""

from federation.signatures import cavage, knock, rfc9421
from federation.signatures.shapes import Profile, Request, Signer, Verified
from federation.signatures.verifying import accept_signature, named_keys, verify

__all__ = [
    "Profile",
    "Request",
    "Signer",
    "Verified",
    "accept_signature",
    "cavage",
    "knock",
    "named_keys",
    "rfc9421",
    "verify",
]
