"""The log of breaches, for programs of stewards."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import UUID

from node.access import breaches
from web import current
from web.api.operations import Answer, Shape, Slice, operation
from web.schemas.api import breaches as shapes

slice_ = Slice("breaches", "Breaches: what was found, done and told, and by when.")


@operation(slice_, "GET", "/breaches", Shape(gives=shapes.BreachesShown))
def index() -> Mapping[str, object]:
    """List the newest breaches."""
    return {"items": breaches.listed(current.node(), by=current.visitor())}


@operation(
    slice_,
    "POST",
    "/breaches",
    Shape(gives=shapes.BreachMade, takes=shapes.NewBreach, status=201),
)
def report(given: dict[str, Any]) -> Mapping[str, object]:
    """Write a breach down; its clock runs from when somebody knew."""
    node, ago = current.node(), timedelta(hours=given["hours"])
    words, people = given["words"], given["people"]
    return {"id": breaches.report(node, words, ago, people, by=current.visitor())}


@operation(slice_, "GET", "/breaches/<uuid:id_>", Shape(gives=shapes.BreachOpened))
def show(id_: UUID) -> Mapping[str, object]:
    """Return one breach, and everything that was done about it."""
    line, steps = breaches.one(current.node(), id_, by=current.visitor())
    return {**asdict(line), "done": steps}


@operation(
    slice_,
    "POST",
    "/breaches/<uuid:id_>/steps",
    Shape(takes=shapes.NewStep, status=204),
)
def act(given: dict[str, Any], id_: UUID) -> Answer:
    """Write down what was done about it."""
    who, step = current.visitor(), given["step"]
    breaches.act(current.node(), id_, step, given["words"], by=who)
    return Answer()
