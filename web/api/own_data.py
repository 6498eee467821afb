"""What the node holds about a member, for their programs."""

from collections.abc import Mapping

from node import ending, own_data
from web import current
from web.api.operations import Answer, Shape, Slice, operation
from web.schemas.api import own_data as shapes

slice_ = Slice("own_data", "Everything that is held about a member.")


@operation(slice_, "GET", "/me/data", Shape(gives=shapes.OwnData))
def show() -> Mapping[str, object]:
    """Return everything as one document, signed once the community has a key."""
    return {"document": own_data.export(current.node(), by=current.visitor())}


@operation(slice_, "DELETE", "/me", Shape(status=204))
def end() -> Answer:
    """End the account, and erase everything its member told here. No way back."""
    ending.end(current.node(), by=current.visitor())
    return Answer()
