"""Every way this node says no over HTTP: a code, a status, a sentence.

What the rules refuse is named where they refuse it; here stand the refusals of the
door itself, and the one table from codes to statuses.
"""

from collections.abc import Iterator

from governance.errors import (
    Conflict,
    IdempotencyMismatch,
    NotYours,
    Refusal,
    WrongState,
)


class CrossSite(Refusal):
    """What came was not sent from a page of this node, or the page is too old."""

    code = "csrf"


class RoleMissing(Refusal):
    """The page is for people with another role."""

    code = "auth.role"


class TooLarge(Refusal):
    """What came is larger than what is taken here."""

    code = "too-large"


class MediaWrong(Refusal):
    """What came is in none of the formats that are read here."""

    code = "media"


class Malformed(Refusal):
    """The request cannot be read."""

    code = "malformed"


class KeyMissing(Refusal):
    """Sending this needs an Idempotency-Key, so that sending twice does it once."""

    code = "idempotency.missing"


class KeyInvalid(Refusal):
    """An Idempotency-Key has 1 to 255 visible characters, at least 16 from a guest."""

    code = "idempotency.invalid"


class Busy(Refusal):
    """Too many people are changing the same thing; try again in a moment."""

    code = "busy"


class MethodWrong(Refusal):
    """The address does not take this kind of request."""

    code = "method"


class Broken(Refusal):
    """Something here is broken. It has been written down."""

    code = "internal"


class Unready(Refusal):
    """The node is running but cannot work at the moment."""

    code = "unready"


#: What is refused because something changed while somebody typed.
OVERTAKEN = (WrongState, NotYours, Conflict, IdempotencyMismatch)

#: What a code means in HTTP. `*.x` stands for every slice's x, `x.*` for all x's kinds.
STATUSES = {
    "access.unrecorded": 503,
    "not-found": 404,
    "not-published": 404,
    "case.code-needed": 403,
    "*.not-yours": 403,
    "*.wrong-state": 409,
    "*.conflict": 409,
    "consent.*": 403,
    "invalid": 422,
    "invalid.*": 422,
    "auth.required": 401,
    "auth.scope": 403,
    "auth.role": 403,
    "busy": 503,
    "chain-erased": 410,
    "chain-mismatch": 409,
    "csrf": 403,
    "entry-erased": 410,
    "grant.own": 403,
    "idempotency.invalid": 400,
    "idempotency.mismatch": 422,
    "idempotency.missing": 400,
    "internal": 500,
    "key-weak": 422,
    "kind-not-allowed": 403,
    "ledger-read-only": 503,
    "link.invalid": 404,
    "malformed": 400,
    "handover.no-agreement": 403,
    "media": 415,
    "method": 405,
    "precondition.failed": 412,
    "precondition.*": 428,
    "prefix-too-long": 400,
    "read-only": 503,
    "rules.denied": 403,
    "rules.invalid": 422,
    "sign-in.invalid": 401,
    "statement-malformed": 422,
    "statement-unsigned": 403,
    "throttled": 429,
    "template.variable-missing": 422,
    "too-large": 413,
    "unready": 503,
}

#: What is not in the table is about the state of things.
OTHERWISE = 409

#: What Flask and Werkzeug refuse by themselves, in our words.
BY_STATUS: dict[int, type[Refusal]] = {
    400: Malformed,
    405: MethodWrong,
    413: TooLarge,
    415: MediaWrong,
    500: Broken,
    503: Unready,
}


def status_of(code: str) -> int:
    """Return the HTTP status that a refusal's code stands for."""
    slice_, _, kind = code.rpartition(".")
    for name in (code, f"*.{kind}", f"{slice_ or code}.*"):
        if name in STATUSES:
            return STATUSES[name]
    return OTHERWISE


def sentences() -> dict[str, str]:
    """Return every code there is with the sentence that explains it."""
    return {kind.code: sentence_of(kind) for kind in _kinds(Refusal)}


def sentence_of(kind: type[Refusal]) -> str:
    """Return the first sentence of what a kind of refusal says about itself."""
    first = (kind.__doc__ or "").partition("\n\n")[0]
    return " ".join(first.split())


def _kinds(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    yield kind
    for below in kind.__subclasses__():
        yield from _kinds(below)
