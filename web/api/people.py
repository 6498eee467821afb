"""Who is whom, for programs of the desk: the same looks and decisions as its pages."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from governance.people import Contact
from node import matches
from web import current
from web.api.operations import Answer, Shape, Slice, operation
from web.schemas.api import people as shapes

slice_ = Slice("people", "Who is whom: doubles, and decisions that can be taken back.")


@operation(slice_, "GET", "/unmatched", Shape(gives=shapes.UnmatchedList))
def unmatched() -> Mapping[str, object]:
    """List the cases that could be from somebody known."""
    return {"items": matches.unmatched(current.node(), by=current.visitor())}


@operation(slice_, "GET", "/people/<uuid:id_>", Shape(gives=shapes.PersonAtDesk))
def show(id_: UUID) -> matches.PersonShown:
    """Return a person, by any row that turned out to be theirs."""
    return matches.person(current.node(), id_, by=current.visitor())


@operation(
    slice_,
    "POST",
    "/people/<uuid:id_>/contacts/<uuid:contact_id>/reveal",
    Shape(gives=shapes.Revealed),
)
def reveal(id_: UUID, contact_id: UUID) -> Contact:
    """Return one contact in the open; its owner sees that it was read."""
    return matches.reveal(current.node(), id_, contact_id, by=current.visitor())


@operation(
    slice_,
    "POST",
    "/people/<uuid:id_>/merges",
    Shape(gives=shapes.MergeMade, takes=shapes.NewMerge, status=201),
)
def merge(given: dict[str, Any], id_: UUID) -> Mapping[str, object]:
    """Decide that somebody is this person."""
    node, who = current.node(), current.visitor()
    return {"id": matches.merge(node, given["person_id"], id_, by=who)}


@operation(
    slice_,
    "POST",
    "/people/<uuid:id_>/apart",
    Shape(takes=shapes.NewApart, status=204),
)
def apart(given: dict[str, Any], id_: UUID) -> Answer:
    """Decide that two who look alike are two people; nobody is asked again."""
    matches.apart(current.node(), id_, given["person_id"], by=current.visitor())
    return Answer()


@operation(
    slice_, "DELETE", "/people/<uuid:id_>/merges/<uuid:merge_id>", Shape(status=204)
)
def unmerge(id_: UUID, merge_id: UUID) -> Answer:
    """Take back that two are one person."""
    del id_  # The decision names both.
    matches.unmerge(current.node(), merge_id, by=current.visitor())
    return Answer()
