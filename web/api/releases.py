"""Notes of the desk that a member asks for, for programs."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from node import releases
from node.releases import Asked, Decision, OpenedNote
from web import current
from web.api.operations import Shape, Slice, operation
from web.schemas.api import releases as shapes

slice_ = Slice(
    "releases", "What the desk wrote for itself, and its member asks to read."
)


@operation(slice_, "GET", "/cases/<ref>/notes/asked", Shape(gives=shapes.NotesAsked))
def asked(ref: str) -> Asked:
    """Return what one asked for, and every note one may read."""
    return releases.asked(current.node(), ref, by=current.visitor())


@operation(slice_, "POST", "/cases/<ref>/notes/asked", Shape(gives=shapes.NotesWait))
def ask(ref: str) -> Mapping[str, object]:
    """Ask for the notes about one's case; they are decided about within 7 days."""
    waits = releases.ask(current.node(), ref, by=current.visitor())
    return {"waiting": waits}


@operation(slice_, "GET", "/notes/asked", Shape(gives=shapes.NotesWaiting))
def index() -> Mapping[str, object]:
    """List the notes that wait for one's decision."""
    return {"items": releases.listed(current.node(), by=current.visitor())}


@operation(slice_, "GET", "/notes/asked/<uuid:id_>", Shape(gives=shapes.NoteOpened))
def show(id_: UUID) -> OpenedNote:
    """Return one note with its words; its member sees that it was read."""
    return releases.one(current.node(), id_, by=current.visitor())


@operation(
    slice_,
    "POST",
    "/notes/asked/<uuid:id_>",
    Shape(gives=shapes.Decided, takes=shapes.NewDecision),
)
def decide(given: dict[str, Any], id_: UUID) -> Mapping[str, object]:
    """Decide what of a note its member reads."""
    said = Decision(**given)
    done = releases.decide(current.node(), id_, said, by=current.visitor())
    return {"outcome": done}
