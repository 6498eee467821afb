"""Parts of a message that are cases of their own, for programs of desk and member."""

from typing import Any
from uuid import UUID

from node import log, splitting
from node.splitting import Marked
from web import current
from web.api.operations import Answer, Shape, Slice, effect_id, operation
from web.schemas.api import pieces as shapes

slice_ = Slice("pieces", "Parts of one message that are cases of their own.")


@operation(slice_, "GET", "/cases/<ref>/pieces", Shape(gives=shapes.PartsShown))
def index(ref: str) -> splitting.Parts:
    """List what was made of a case's words, and of whose words it was made."""
    return splitting.parts_of(current.node(), ref, by=current.visitor())


@operation(
    slice_,
    "POST",
    "/cases/<ref>/pieces",
    Shape(gives=shapes.Splitted, takes=shapes.NewPieces, status=201, knows_again=True),
)
def split(given: dict[str, Any], ref: str) -> Answer:
    """Make a case of each piece of a message that waits for triage."""
    node, who = current.node(), current.visitor()
    marked = Marked(effect_id(), tuple(given["pieces"]))
    made = splitting.split(node, ref, marked, by=who)
    sealed = log.wait(node, made.ticket) is not None
    return Answer({"references": made.references}, again=made.again, sealed=sealed)


@operation(slice_, "DELETE", "/cases/<ref>/pieces/<uuid:piece_id>", Shape(status=204))
def undo(ref: str, piece_id: UUID) -> Answer:
    """Put a piece back into its case, while nobody has looked after it."""
    node = current.node()
    ticket = splitting.undo(node, ref, piece_id, by=current.visitor())
    return Answer(sealed=log.wait(node, ticket) is not None)
