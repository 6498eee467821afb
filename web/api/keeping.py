"""What becomes of a case, for programs: kept, without its name, gone, resting, held."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from node import holding, keeping, log, restricting
from node.keeping import Chosen
from web import current
from web.api.operations import Answer, Shape, Slice, operation
from web.schemas.api import keeping as shapes

slice_ = Slice(
    "keeping", "What becomes of a case after it closed, and what stops that."
)


@operation(slice_, "GET", "/cases/<ref>/keep", Shape(gives=shapes.KeptShown))
def show(ref: str) -> object:
    """Return what becomes of a member's own case, and when."""
    return keeping.show(current.node(), ref, by=current.visitor())


@operation(
    slice_,
    "POST",
    "/cases/<ref>/keep",
    Shape(gives=shapes.ChoiceMade, takes=shapes.NewChoice),
)
def choose(given: dict[str, Any], ref: str) -> Answer:
    """Keep a closed case, take the name out of it, or erase it."""
    chosen = Chosen(given["choice"], given["words"], current.source(), given["files"])
    node = current.node()
    ticket = keeping.choose(node, ref, chosen, by=current.visitor())
    sealed = log.wait(node, ticket) if ticket else None
    made = {"choice": given["choice"], "index": sealed and sealed.index}
    return Answer(made, sealed=ticket is None or sealed is not None)


@operation(slice_, "POST", "/cases/<ref>/rest", Shape(status=204))
def rest(ref: str) -> Answer:
    """Let a case rest: it is kept, and nothing else is done with it."""
    restricting.restrict(current.node(), ref, by=current.visitor())
    return Answer()


@operation(slice_, "DELETE", "/cases/<ref>/rest", Shape(status=204))
def go_on(ref: str) -> Answer:
    """Let a case go on."""
    restricting.lift(current.node(), ref, by=current.visitor())
    return Answer()


@operation(slice_, "GET", "/holds", Shape(gives=shapes.HoldsShown))
def holds() -> Mapping[str, object]:
    """List what is held now."""
    return {"items": holding.listed(current.node(), by=current.visitor())}


@operation(
    slice_,
    "POST",
    "/holds",
    Shape(gives=shapes.HoldMade, takes=shapes.NewHold, status=201),
)
def hold(given: dict[str, Any]) -> Answer:
    """Hold a case, for a day; until its day once another steward agrees."""
    node, who = current.node(), current.visitor()
    id_ = holding.put_up(
        node, given["reference"], given["reason"], given["until"], by=who
    )
    return Answer({"id": id_})


@operation(slice_, "POST", "/holds/<uuid:id_>/second", Shape(status=204))
def second(id_: UUID) -> Answer:
    """Agree to a hold, as the second person."""
    holding.agree(current.node(), id_, by=current.visitor())
    return Answer()


@operation(slice_, "DELETE", "/holds/<uuid:id_>", Shape(status=204))
def end(id_: UUID) -> Answer:
    """End a hold before its day."""
    holding.end(current.node(), id_, by=current.visitor())
    return Answer()
