"""Copies of other logs, for whoever audits them or has lost one: C2SP tlog-tiles.

The same as the log itself shows, under the hash of its origin.
"""

from functools import partial

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from node import log, witness
from web import current
from web.views.log import FOR_EVER, missing, octets, tags_of, text

blueprint = Blueprint(
    "mirror", __name__, url_prefix="/mirror/<string(length=64):digest>"
)


@blueprint.get("/checkpoint")
def checkpoint(digest: str) -> Response:
    """Send the newest checkpoint of which every entry is here."""
    return text(witness.mirrored_checkpoint(current.node(), digest))


@blueprint.get("/tile/<path:path>")
def tile(digest: str, path: str) -> Response:
    """Send a tile of that tree."""
    found = witness.mirrored_tile(current.node(), digest, f"tile/{path}")
    return octets(found, FOR_EVER)


@blueprint.get("/tags")
def tags(digest: str) -> Response:
    """Send the tags that begin alike, each with its index."""
    return tags_of(partial(witness.mirrored_tags, current.node(), digest))


@blueprint.errorhandler(log.NotPublished)
def absent(error: log.NotPublished) -> ResponseReturnValue:
    """Answer as the log itself does for what is not there."""
    return missing(error)
