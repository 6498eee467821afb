"""What a member has erased of their case, for programs they gave the right to."""

from collections.abc import Mapping
from typing import Any

from node import erasing, log
from node.erasing import Level, Wish
from web import current
from web.api.operations import Answer, Shape, Slice, operation
from web.schemas.api import coming
from web.schemas.api import erasures as shapes

slice_ = Slice("erasures", "Erasing a field, an entry's words, an entry, or all of it.")


@operation(slice_, "GET", "/cases/<ref>/erasures", Shape(gives=shapes.Erasable))
def show(ref: str) -> Mapping[str, object]:
    """List the entries of a case, what they still hold, and what was erased of them."""
    return {"items": erasing.parts(current.node(), ref, by=current.visitor())}


@operation(
    slice_,
    "POST",
    "/cases/<ref>/erasures",
    Shape(gives=shapes.ErasureMade, takes=coming.NewErasure),
)
def erase(given: dict[str, Any], ref: str) -> Answer:
    """Erase something of a case, for good. There is no way back."""
    wish = Wish(
        level=Level(given["level"]),
        seq=given["seq"],
        name=given["field"],
        named=given["named"],
        words=given["words"],
        source=current.source(),
    )
    node = current.node()
    ticket = erasing.erase(node, ref, wish, by=current.visitor())
    sealed = log.wait(node, ticket) if ticket else None
    shown = {"level": wish.level, "seq": wish.seq, "index": sealed and sealed.index}
    return Answer(shown, sealed=ticket is None or sealed is not None)
