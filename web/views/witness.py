"""The door of a witness, for any log that speaks C2SP tlog-witness.

Nobody signs in: a request is worth what its log's signature is worth, and no more.
"""

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from governance.errors import NotFound
from node import witness
from web import current

blueprint = Blueprint("witness", __name__, url_prefix="/witness")

_TEXT = "text/plain; charset=utf-8"
_SOON = {"Cache-Control": "public, max-age=5", "Content-Type": _TEXT}


@blueprint.post("/add-checkpoint")
def add_checkpoint() -> Response:
    """Cosign a checkpoint, or say why not."""
    decision = witness.add_checkpoint(current.node(), request.get_data())
    return Response(decision.body, decision.status, content_type=decision.content_type)


@blueprint.get("/<string(length=64):digest>/checkpoint")
def checkpoint(digest: str) -> ResponseReturnValue:
    """Send the newest checkpoint cosigned for a log, by the hash of its origin."""
    try:
        return witness.latest(current.node(), digest), _SOON
    except NotFound as refusal:
        # It may be there in a moment, so nobody should remember that it was not.
        return f"{refusal.reason}\n", 404, _SOON
