"""Who reads what we say to other nodes: anybody, or only who signs the request.

What the operator chose decides. A reader who wants a page is led to it either way.
"""

from flask import request
from werkzeug.exceptions import NotAcceptable

from node import peers
from node.documents import ACTIVITY
from web import current
from web.guards.table import Route, Signed

_HTML = "text/html"
_ACTIVITIES = (ACTIVITY, "application/ld+json")


def check(route: Route) -> None:
    """Refuse who has to sign and did not."""
    node = current.node()
    if route.signed is Signed.NO or not node.settings.federation_signed_get:
        return
    if route.signed is Signed.DOCUMENT and wants_page():
        return
    fields = tuple((name, value) for name, value in request.headers.items())
    peers.require_signed(node, request.method, current.target(), fields)


def wants_page() -> bool:
    """Say whether whoever asks is a browser; refuse who takes neither."""
    best = request.accept_mimetypes.best_match([*_ACTIVITIES, _HTML])
    if best is None:
        raise NotAcceptable
    return best == _HTML
