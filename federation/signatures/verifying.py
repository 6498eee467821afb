"""Judging a request: which profile it is signed in, and whether that one holds.

The profile is chosen by the fields that are there, never by what turns out to hold.
"""

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime

from federation import origins
from federation.errors import IriInvalid, Rejected, SignatureMissing
from federation.signatures import cavage, members, message, rfc9421
from federation.signatures.message import Fields, Received
from federation.signatures.shapes import FindKey, Request, Verified


def verify(
    request: Request,
    find_key: FindKey,
    *,
    at: datetime,
    private: bool = False,
    insecure: Collection[str] = (),
) -> Verified:
    """Return who signed a request, or refuse it. The key is looked for last.

    A request for something `private` must have been signed within five minutes.
    """
    fields = message.fields(request.fields)
    received = Received(
        request, fields, message.target(request.url), find_key, at, private, insecure
    )
    received.require_host()
    if "signature-input" in fields:
        return rfc9421.verify(received)
    if "signature" in fields:
        return cavage.verify(received)
    raise SignatureMissing("The request is not signed.")


def named_keys(request: Request) -> list[str]:
    """Return the ids of the keys a request names. Nothing of it is verified yet."""
    try:
        named = _named(message.fields(request.fields))
    except Rejected:
        return []
    found = []
    for key_id in dict.fromkeys(named):
        with suppress(IriInvalid):
            origins.origin(key_id)
            found.append(key_id)
    return found


def _named(fields: Fields) -> list[str]:
    if "signature-input" in fields:
        claims = members.claims(fields["signature-input"])
        named = [claim.parameters.get("keyid") for claim in claims]
        return [key_id for key_id in named if isinstance(key_id, str)]
    if "signature" in fields:
        return [cavage.claim(fields["signature"]).key_id]
    return []


def accept_signature(*, post: bool) -> str:
    """Return our `Accept-Signature`: how a refused request is to be signed."""
    components = " ".join(f'"{it}"' for it in rfc9421.usual(body=post).components)
    return f"sig1=({components});created"
