"""What the desk notes for itself, for programs of those who work on a case."""

from collections.abc import Mapping
from typing import Any

from node import cases, notes
from node.cases import tagging
from node.notes import Noted
from web import current
from web.api.operations import Answer, Shape, Slice, effect_id, operation
from web.schemas.api import coming
from web.schemas.api import notes as shapes

slice_ = Slice("notes", "Notes of the desk, which no member reads.")


@operation(slice_, "GET", "/cases/<ref>/notes", Shape(gives=shapes.DeskNotes))
def index(ref: str) -> Mapping[str, object]:
    """List the notes of a case; it is a read of the case, as on its page."""
    node, who = current.node(), current.visitor()
    cases.view(node, ref, by=who)
    return {"items": notes.board(node, ref, by=who)}


@operation(
    slice_,
    "POST",
    "/cases/<ref>/notes",
    Shape(
        gives=shapes.DeskNoteMade,
        takes=shapes.NewDeskNote,
        status=201,
        needs_key=True,
        knows_again=True,
    ),
)
def write(given: dict[str, Any], ref: str) -> Mapping[str, object]:
    """Write a note; a sealed one is read by whoever wrote it, and nobody else."""
    noted = Noted(effect_id(), **given)
    notes.write(current.node(), ref, noted, by=current.visitor())
    return {"id": noted.id}


@operation(
    slice_,
    "POST",
    "/cases/<ref>/tags",
    Shape(takes=coming.NewTags, status=204),
)
def tag(given: dict[str, Any], ref: str) -> Answer:
    """Let a case have exactly these tags; its member can read them."""
    tagging.put(current.node(), ref, given["tags"], by=current.visitor())
    return Answer()
