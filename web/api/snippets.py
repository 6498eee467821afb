"""Short texts of one's own, for programs: kept, changed, filled in for a case."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from node.texts import snippets
from node.texts.snippets import Short
from web import current
from web.api.operations import Answer, Shape, Slice, effect_id, operation
from web.schemas.api import snippets as shapes

slice_ = Slice("snippets", "Short texts of one's own, to begin replies with.")


@operation(slice_, "GET", "/snippets", Shape(gives=shapes.Snippets))
def mine() -> Mapping[str, object]:
    """List one's own short texts. Nobody else reads them."""
    return {"items": snippets.mine(current.node(), by=current.visitor())}


@operation(
    slice_,
    "POST",
    "/snippets",
    Shape(
        gives=shapes.SnippetMade, takes=shapes.NewSnippet, status=201, needs_key=True
    ),
)
def write(given: dict[str, Any]) -> Mapping[str, object]:
    """Keep a short text of one's own."""
    short = Short(effect_id(), **given)
    snippets.write(current.node(), short, by=current.visitor())
    return {"id": short.id}


@operation(
    slice_,
    "POST",
    "/snippets/<uuid:short_id>",
    Shape(takes=shapes.NewSnippet, status=204),
)
def change(given: dict[str, Any], short_id: UUID) -> Answer:
    """Change one's own short text."""
    snippets.change(current.node(), Short(short_id, **given), by=current.visitor())
    return Answer()


@operation(slice_, "DELETE", "/snippets/<uuid:short_id>", Shape(status=204))
def drop(short_id: UUID) -> Answer:
    """Delete one's own short text."""
    snippets.drop(current.node(), short_id, by=current.visitor())
    return Answer()


@operation(
    slice_,
    "GET",
    "/cases/<ref>/snippets/<uuid:short_id>",
    Shape(gives=shapes.SnippetFilled),
)
def fill(ref: str, short_id: UUID) -> Mapping[str, object]:
    """Fill a short text in for a case, to be changed and sent as a message."""
    node, who = current.node(), current.visitor()
    return {"text": snippets.fill(node, ref, short_id, by=who)}
