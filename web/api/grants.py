"""Roles for programs: who holds which, giving one, ending one."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from node import grants
from node.grants import Board, Given
from web import current
from web.api.operations import Answer, Shape, Slice, operation
from web.schemas.api import grants as shapes

slice_ = Slice("grants", "Roles: who holds which until when; giving and ending them.")


@operation(slice_, "GET", "/grants", Shape(gives=shapes.Grants))
def index() -> Board:
    """List who holds which role."""
    return grants.board(current.node(), by=current.visitor())


@operation(
    slice_,
    "POST",
    "/grants",
    Shape(gives=shapes.GrantMade, takes=shapes.NewGrant, status=201),
)
def give(given: dict[str, Any]) -> Mapping[str, object]:
    """Give somebody a role from now on."""
    asked = Given(**given)
    return {"id": grants.give(current.node(), asked, by=current.visitor())}


@operation(slice_, "DELETE", "/grants/<uuid:grant_id>", Shape(status=204))
def end(grant_id: UUID) -> Answer:
    """End a role before its time; one's own, or as a steward."""
    grants.end(current.node(), grant_id, by=current.visitor())
    return Answer()
