"""Who is on call, for programs of those who work here."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from governance.roster import Turn
from node import absences, roster
from node.roster import Board
from web import current
from web.api.operations import Answer, Shape, Slice, operation
from web.schemas.api import roster as shapes

slice_ = Slice("roster", "Who is on call and until when, and when nobody is.")


@operation(slice_, "GET", "/roster", Shape(gives=shapes.RosterShown))
def board() -> Board:
    """Return who is on call in the next 14 days, and when nobody is."""
    return roster.board(current.node(), by=current.visitor())


@operation(
    slice_,
    "POST",
    "/roster",
    Shape(gives=shapes.TurnMade, takes=shapes.NewTurn, status=201),
)
def put(given: dict[str, Any]) -> Mapping[str, object]:
    """Put somebody on call; they are told."""
    return {"id": roster.put(current.node(), Turn(**given), by=current.visitor())}


@operation(slice_, "DELETE", "/roster/<uuid:turn_id>", Shape(status=204))
def remove(turn_id: UUID) -> Answer:
    """Take a turn out; whoever had it is told."""
    roster.remove(current.node(), turn_id, by=current.visitor())
    return Answer()


@operation(slice_, "GET", "/me/turns", Shape(gives=shapes.TurnsShown))
def mine() -> Mapping[str, object]:
    """List one's own turns to come, and those that others would hand over."""
    return {"items": absences.mine(current.node(), by=current.visitor()).turns}


@operation(
    slice_,
    "POST",
    "/me/turns/<uuid:turn_id>/offer",
    Shape(takes=shapes.NewOffer, status=204),
)
def offer(given: dict[str, Any], turn_id: UUID) -> Answer:
    """Look for somebody who takes one's turn over, or keep it after all."""
    roster.offer(current.node(), turn_id, by=current.visitor(), **given)
    return Answer()


@operation(slice_, "POST", "/me/turns/<uuid:turn_id>/take", Shape(status=204))
def take(turn_id: UUID) -> Answer:
    """Take over a turn that somebody offered."""
    roster.take(current.node(), turn_id, by=current.visitor())
    return Answer()
