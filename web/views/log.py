"""The ledger as bytes, for auditors and witnesses: C2SP tlog-tiles.

Only what is published, nothing that changes by asking, and nothing about anybody.
"""

import re

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from node import log
from web import current

blueprint = Blueprint("ledger", __name__, url_prefix="/ledger")

_TEXT = "text/plain; charset=utf-8"
_SOON = "public, max-age=5"
_FOR_EVER = "public, max-age=31536000, immutable"
_SIZE = re.compile("[0-9]{1,16}")


@blueprint.get("/checkpoint")
def checkpoint() -> Response:
    """Send the newest published checkpoint."""
    return _text(log.checkpoint(current.node()))


@blueprint.get("/checkpoints")
def checkpoints() -> Response:
    """Send published checkpoints, newest first, a hundred at a time."""
    before = request.args.get("before", "")
    if before and not _SIZE.fullmatch(before):
        raise BadRequest
    notes = log.checkpoints(current.node(), before=int(before) if before else None)
    return _text(b"\n".join(notes))


@blueprint.get("/tile/<path:path>")
def tile(path: str) -> ResponseReturnValue:
    """Send a tile of the published tree."""
    try:
        data = log.tile(current.node(), f"tile/{path}")
    except log.NotPublished:
        # It may be there in a moment, so nobody should remember that it was not.
        headers = {"Cache-Control": _SOON, "Content-Type": _TEXT}
        return "There is no such tile yet.\n", 404, headers
    response = Response(data, mimetype="application/octet-stream")
    response.headers["Cache-Control"] = _FOR_EVER
    return response


@blueprint.get("/keys.json")
def keys() -> ResponseReturnValue:
    """Send the keys that speak for this log, and how they changed."""
    return dict(log.keys(current.node())), {"Cache-Control": _SOON}


@blueprint.get("/policy")
def policy() -> Response:
    """Send the witness policy this node suggests."""
    return _text(log.policy(current.node()).encode())


def _text(body: bytes) -> Response:
    response = Response(body, content_type=_TEXT)
    response.headers["Cache-Control"] = _SOON
    return response
