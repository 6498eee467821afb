"""The ledger as bytes, for auditors and witnesses: C2SP tlog-tiles.

Only what is published, nothing that changes by asking, and nothing about anybody.
"""

import re
from collections.abc import Callable
from functools import partial

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from node import log
from web import current
from web.counts import LARGEST

blueprint = Blueprint("ledger", __name__, url_prefix="/ledger")

_TEXT = "text/plain; charset=utf-8"
SOON = "public, max-age=5"
FOR_EVER = "public, max-age=31536000, immutable"
_SIZE = re.compile("[0-9]{1,16}", re.ASCII)
_PREFIX = re.compile("[0-9a-f]{1,32}", re.ASCII)


#: The first log has the plain addresses, each that followed it those with its number.
_NEXT = f"/<int(min=2,max={LARGEST}):epoch>"


@blueprint.get("/checkpoint")
@blueprint.get(f"{_NEXT}/checkpoint")
def checkpoint(epoch: int = 1) -> Response:
    """Send the newest published checkpoint."""
    return text(log.checkpoint(current.node(), epoch))


@blueprint.get("/checkpoints")
@blueprint.get(f"{_NEXT}/checkpoints")
def checkpoints(epoch: int = 1) -> Response:
    """Send published checkpoints, newest first, a hundred at a time."""
    log.require_now(current.node(), epoch)
    notes = log.checkpoints(current.node(), before=size_in("before"))
    return text(b"\n".join(notes))


@blueprint.get("/tile/<path:path>")
@blueprint.get(f"{_NEXT}/tile/<path:path>")
def tile(path: str, epoch: int = 1) -> Response:
    """Send a tile of the published tree."""
    return octets(log.tile(current.node(), f"tile/{path}", epoch), FOR_EVER)


@blueprint.get("/tags")
@blueprint.get(f"{_NEXT}/tags")
def tags(epoch: int = 1) -> Response:
    """Send the tags that begin alike, each with its index."""
    log.require_now(current.node(), epoch)
    return tags_of(partial(log.look_up, current.node()))


def tags_of(look_up: Callable[[str, int | None], log.Tags]) -> Response:
    """Answer with the tags that are asked for."""
    prefix = request.args.get("prefix", "")
    if not _PREFIX.fullmatch(prefix):
        raise BadRequest
    found = look_up(prefix, size_in("size"))
    response = octets(found.records, SOON)
    response.headers["Folkmoot-Size"] = str(found.size)
    return response


@blueprint.get("/payload/<commitment>")
def payload(commitment: str) -> Response:
    """Send what a clear entry commits to, as long as it was not erased."""
    return octets(log.payload(current.node(), commitment), SOON)


@blueprint.errorhandler(log.NotPublished)
def missing(error: log.NotPublished) -> ResponseReturnValue:
    """Answer that something is not there, and let nobody remember it for long."""
    # It may be there in a moment.
    return error.reason + "\n", 404, {"Cache-Control": SOON, "Content-Type": _TEXT}


@blueprint.get("/keys.json")
@blueprint.get(f"{_NEXT}/keys.json")
def keys(epoch: int = 0) -> ResponseReturnValue:
    """Send the keys that speak for the log that goes on, and how they changed."""
    if epoch:
        log.require_now(current.node(), epoch)
    return dict(log.keys(current.node())), {"Cache-Control": SOON}


@blueprint.get("/policy")
def policy() -> Response:
    """Send the witness policy this node suggests."""
    return text(log.policy(current.node()).encode())


def text(body: bytes) -> Response:
    """Answer with a text that may be another in a moment."""
    response = Response(body, content_type=_TEXT)
    response.headers["Cache-Control"] = SOON
    return response


def octets(body: bytes, kept: str) -> Response:
    """Answer with bytes, and how long they may be kept."""
    response = Response(body, mimetype="application/octet-stream")
    response.headers["Cache-Control"] = kept
    return response


def size_in(name: str) -> int | None:
    """Return the size that is asked for, if one is."""
    given = request.args.get(name)
    if given is None:
        return None
    if not _SIZE.fullmatch(given):
        raise BadRequest
    return int(given)
