"""What the node owes, for programs of stewards."""

from typing import Any

from node import jobs_desk
from node.jobs_desk import Owed
from web import current
from web.api.operations import Answer, Shape, Slice, operation
from web.counts import COUNT
from web.schemas.api import coming
from web.schemas.api import jobs as shapes

slice_ = Slice("jobs", "The queue of work: what waits, and what was given up.")


@operation(slice_, "GET", "/jobs", Shape(gives=shapes.OwedShown))
def index() -> Owed:
    """Return what waits, by its kind, and what was given up."""
    return jobs_desk.owed(current.node(), by=current.visitor())


@operation(
    slice_,
    "POST",
    f"/jobs/<{COUNT}:id_>/again",
    Shape(takes=coming.Nothing, status=204),
)
def again(given: dict[str, Any], id_: int) -> Answer:
    """Have one piece of work tried again."""
    del given
    jobs_desk.again(current.node(), id_, by=current.visitor())
    return Answer()
