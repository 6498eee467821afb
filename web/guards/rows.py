"""The usual rows of the policy table: a page, a form, and how much each may take."""

from governance.files import LARGEST_TOGETHER
from web.guards.table import GET, KILOBYTE, MEGABYTE, POST, Audience, Csrf, Route

#: Words are at most 50,000 characters; encoded for a form that is up to 12 bytes each.
WORDS = 700 * KILOBYTE
#: The same, with files.
FILES = LARGEST_TOGETHER + MEGABYTE
SHORT = 32 * KILOBYTE
RECEIPT = 512 * KILOBYTE


def anybody() -> Route:
    """Return the row of a page that everybody reads and caches may keep."""
    return Route(Audience.PUBLIC, GET, body=0, shared=True)


def shown(audience: Audience = Audience.PUBLIC) -> Route:
    """Return the row of a page."""
    return Route(audience, GET, body=0)


def sent(
    audience: Audience = Audience.PUBLIC,
    body: int = SHORT,
    *,
    throttle: str = "",
    limit: str = "",
) -> Route:
    """Return the row of a form; `limit` where it can send a message."""
    return Route(
        audience, POST, body=body, throttle=throttle, sends=bool(limit), limit=limit
    )


def inbox() -> Route:
    """Return the row of where other nodes leave what they have for this one."""
    # Who sends is proven by a signature, and counted by its origin.
    limit = "federation.inbox"
    return Route(Audience.PUBLIC, POST, Csrf.NONE, body=MEGABYTE, limit=limit)
