"""Double knock: how to sign for a server of which little is known.

At most two requests: as remembered or in the newer profile, then as the answer says.
What was learned is kept for an origin, and only from what a signature had to open.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from federation.errors import Rejected
from federation.signatures import members, message, rfc9421
from federation.signatures.members import Claim
from federation.signatures.rfc9421 import Asked
from federation.signatures.shapes import Profile, Request, Signer

__all__ = ["Knock", "Memory", "Profile", "asked", "first", "learned", "next"]

KEPT = timedelta(days=30)
#: So many refusals in a row, and what was remembered is forgotten.
ENOUGH = 3
_UNAUTHORIZED = 401
_OTHERS = frozenset({400, 403, 500, 501})
_OTHER = {Profile.RFC9421: Profile.CAVAGE, Profile.CAVAGE: Profile.RFC9421}
_SIGNABLE = frozenset(
    {
        *("@method", "@target-uri", "@authority", "@path", "@query"),
        *("content-digest", "content-type", "host", "date"),
    }
)
_FLAGS = {"created", "expires"}


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered of an origin. An empty one is a stranger's."""

    profile: Profile | None = None
    until: datetime | None = None
    refusals: int = 0

    def fresh(self, *, at: datetime) -> "Memory":
        """Return this memory, or an empty one if it is too old."""
        return self if self.until is not None and at < self.until else Memory()


@dataclass(frozen=True, slots=True)
class Knock:
    """One way to sign one request."""

    profile: Profile
    asked: Asked | None = None
    #: After this one the answer stands.
    last: bool = False
    #: Partners speak one profile: the other is never tried.
    strict: bool = False


def first(memory: Memory, *, strict: bool = False) -> Knock:
    """Return how to knock first; `strict` is between partners, in one profile only."""
    if strict:
        return Knock(Profile.RFC9421, strict=True)
    return Knock(memory.profile or Profile.RFC9421)


def next(  # noqa: A001 - read as `knock.next`
    memory: Memory,
    knock: Knock,
    answer: tuple[int, Mapping[str, str]],
    request: Request,
    signer: Signer,
) -> Knock | None:
    """Return how to knock again after an answer, or None if it stands."""
    status, fields = answer
    if knock.last:
        return None
    if status == _UNAUTHORIZED:
        lower = {name.lower(): value for name, value in fields.items()}
        wanted = asked(lower.get("accept-signature", ""), request, signer)
        if wanted is not None:
            return Knock(Profile.RFC9421, wanted, last=True, strict=knock.strict)
    elif status not in _OTHERS or memory.profile is not None:
        return None
    return None if knock.strict else Knock(_OTHER[knock.profile], last=True)


def learned(
    memory: Memory, knock: Knock, status: int, *, at: datetime, method: str = "POST"
) -> Memory:
    """Return what is remembered after an answer.

    A GET that was answered teaches nothing: most servers answer it unsigned as well.
    """
    if 200 <= status < 300 and method == "POST":  # noqa: PLR2004 - the class 2xx
        return Memory(knock.profile, at + KEPT)
    if status != _UNAUTHORIZED or memory.profile is None:
        return memory
    if knock.strict and knock.profile is not memory.profile:
        return memory  # what is remembered was not tried
    if memory.refusals + 1 >= ENOUGH:
        return Memory()
    return replace(memory, refusals=memory.refusals + 1)


def asked(text: str, request: Request, signer: Signer) -> Asked | None:
    """Return what an `Accept-Signature` wants, if we can and may sign it."""
    try:
        claims = members.claims(text)
        query = message.target(request.url).query
    except Rejected:
        return None
    body = rfc9421.has_body(request)
    for claim in claims:
        # A narrower signature could be shown elsewhere over another request.
        enough = rfc9421.covers(claim.components, query, body=body)
        present = _SIGNABLE - _absent(request)
        if enough and present >= set(claim.components) and _ours(claim, signer):
            return _echo(claim)
    return None


def _absent(request: Request) -> set[str]:
    has_type = any(name.lower() == "content-type" for name, _ in request.fields)
    return set() if has_type else {"content-type"}


def _ours(claim: Claim, signer: Signer) -> bool:
    ours = {"keyid": signer.key_id, "alg": rfc9421.algorithm(signer)}
    for name, value in claim.parameters.items():
        if name in _FLAGS:
            good = value is True
        elif name in ours:
            good = value == ours[name]
        else:
            good = name in {"nonce", "tag"} and isinstance(value, str)
        if not good:
            return False
    return True


def _echo(claim: Claim) -> Asked:
    echoed = tuple(
        (name, str(value))
        for name, value in claim.parameters.items()
        if name in {"nonce", "tag", "alg"}
    )
    return Asked(
        claim.label, claim.components, echoed, expires="expires" in claim.parameters
    )
