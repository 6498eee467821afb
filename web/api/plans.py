"""The plan of a case, for programs of its member and of the desk."""

from typing import Any
from uuid import UUID

from governance.plans import Owner
from node import plans
from node.plans import NewStep, Plan
from web import current
from web.api.operations import Answer, Shape, Slice, effect_id, operation
from web.schemas.api import plans as shapes

slice_ = Slice("plans", "What is to be done in a case, by whom, and until when.")


@operation(slice_, "GET", "/cases/<ref>/plan", Shape(gives=shapes.PlanShown))
def index(ref: str) -> Plan:
    """Return the plan of a case: what is due first comes first."""
    return plans.show(current.node(), ref, by=current.visitor())


@operation(
    slice_,
    "POST",
    "/cases/<ref>/plan",
    Shape(gives=shapes.PlanShown, takes=shapes.NewPlanStep, status=201, needs_key=True),
)
def add(given: dict[str, Any], ref: str) -> Plan:
    """Add a step; for whoever works on the case."""
    owner, due = Owner(given["owner"]), given["due"]
    step = NewStep(effect_id(), given["title"], owner, due)
    plans.add(current.node(), ref, step, by=current.visitor())
    return index(ref)


@operation(
    slice_,
    "POST",
    "/cases/<ref>/plan/<uuid:id_>/done",
    Shape(gives=shapes.PlanShown),
)
def done(ref: str, id_: UUID) -> Plan:
    """Say that a step is done; the member of their own, the desk of all."""
    plans.done(current.node(), ref, id_, by=current.visitor())
    return index(ref)


@operation(slice_, "DELETE", "/cases/<ref>/plan/<uuid:id_>/done", Shape(status=204))
def undo(ref: str, id_: UUID) -> Answer:
    """Say that a step is not done after all."""
    plans.undo(current.node(), ref, id_, by=current.visitor())
    return Answer()


@operation(slice_, "DELETE", "/cases/<ref>/plan/<uuid:id_>", Shape(status=204))
def remove(ref: str, id_: UUID) -> Answer:
    """Take a step out of the plan."""
    plans.remove(current.node(), ref, id_, by=current.visitor())
    return Answer()
