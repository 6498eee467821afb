"""Where other nodes send: what is taken is answered 202, and acted on later."""

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from node import inbox
from node.inbox import Delivery
from web import current, errors

blueprint = Blueprint("inboxes", __name__)


@blueprint.post("/ap/inbox")
def shared() -> ResponseReturnValue:
    """Take in an activity for whomever it concerns."""
    return _receive()


@blueprint.post("/ap/node/inbox")
def node() -> ResponseReturnValue:
    """Take in an activity for the node."""
    return _receive()


@blueprint.post("/ap/c/<slug>/inbox")
def community(slug: str) -> ResponseReturnValue:
    """Take in an activity for the community."""
    del slug
    return _receive()


@blueprint.post("/ap/u/<handle>/inbox")
def advocate(handle: str) -> ResponseReturnValue:
    """Take in an activity for an advocate."""
    del handle
    return _receive()


def _receive() -> ResponseReturnValue:
    delivery = Delivery(
        path=request.path,
        target=current.target(),
        source=current.source(),
        fields=tuple((name, value) for name, value in request.headers.items()),
        read=request.get_data,
    )
    if inbox.receive(current.node(), delivery):
        return errors.waits("It is kept, and shown once somebody here says yes.")
    return Response(status=202)
