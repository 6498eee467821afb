"""The shape of one row of the policy table.

A row says all that is decided about a route before its view runs. What a row leaves
out is the strict choice: members only, one megabyte, a form token, kept by nobody.
"""

from dataclasses import dataclass
from enum import StrEnum

KILOBYTE = 1024
MEGABYTE = 1024 * KILOBYTE


class Audience(StrEnum):
    """Who a route is for. Views below it ask again, about the very case."""

    #: Everybody.
    PUBLIC = "public"
    #: Whoever holds a link to a case, and members.
    GUEST = "guest"
    MEMBER = "member"
    ADVOCATE = "advocate"
    COORDINATOR = "coordinator"
    STEWARD = "steward"
    #: Whoever watches over what others do, stewards among them.
    AUDITOR = "auditor"


class Csrf(StrEnum):
    """What an unsafe request must show besides coming from a page of ours."""

    #: The hidden fields of our forms.
    FORM = "form"
    #: Nothing: no cookie is read here, the caller brings its own authority.
    NONE = "none"


class Signed(StrEnum):
    """Which GETs need another node's signature, under FOLKMOOT_FEDERATION_SIGNED_GET.

    Without it our actors and public things are open to everybody.
    """

    NO = "no"
    #: But who wants a page is led to it: what stands there everybody may read.
    DOCUMENT = "document"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Route:
    """What is decided about a route before its view runs."""

    audience: Audience = Audience.MEMBER
    methods: frozenset[str] = frozenset({"GET"})
    csrf: Csrf = Csrf.FORM
    #: The most bytes a body may have.
    body: int = MEGABYTE
    #: What a token must have been granted; a link is its own grant.
    scope: str = ""
    #: The row of `node.throttle.LIMITS` that every call costs.
    throttle: str = ""
    #: Whether calling it can send a message; then some limit must be named in `limit`.
    sends: bool = False
    #: The row of `node.throttle.LIMITS` that its use case spends.
    limit: str = ""
    #: htmx, service workers and maps hand the browser plain strings.
    plain_strings: bool = False
    #: Whether what is read there is the same for everybody without a cookie. All else
    #: is somebody's own, and no cache keeps it.
    shared: bool = False
    #: Whether scripts of other sites may read it, too, such as a verifier's.
    anywhere: bool = False
    #: Whether only a signed GET is answered where the operator wants that.
    signed: Signed = Signed.NO


GET = frozenset({"GET"})
POST = frozenset({"POST"})
DELETE = frozenset({"DELETE"})
BOTH = GET | POST
