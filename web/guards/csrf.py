"""That an unsafe request was meant: sent from a page of ours, by whom it was shown to.

Browsers say where a request came from; a form says whom it was made for. Where a
cookie speaks for somebody both are asked for, and silence counts against.
"""

from flask import request

from governance.errors import Invalid
from web import current
from web.guards import hosts
from web.guards.table import Csrf, Route
from web.problems import CrossSite

SAFE = frozenset({"GET", "HEAD"})
#: Scripts of ours, which send no form, put the form's token here.
HEADER = "X-CSRF-Token"

_OURS = frozenset({"same-origin", "none"})


def check(route: Route) -> None:
    """Refuse an unsafe request that no page of ours can have sent for this browser."""
    if route.csrf is Csrf.NONE or request.method in SAFE:
        return
    if not from_here():
        raise CrossSite("This was not sent from a page of this node.")
    if not _made_for_them():
        raise CrossSite("This page is too old. Please open it again, then send it.")


def from_here() -> bool:
    """Say whether a request was sent from a page of ours, as far as can be told."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is None and origin is None:
        return not current.has_cookies()
    return site in _OURS or origin in hosts.origins(current.node().settings)


def _made_for_them() -> bool:
    if current.known_by_cookie():
        given = request.form.get(current.CSRF_FIELD) or request.headers.get(HEADER, "")
        return current.csrf_holds(given)
    try:
        current.form_age()
    except Invalid:
        return False
    return True
