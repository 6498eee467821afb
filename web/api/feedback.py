"""How a case was handled: for programs of its member, and of whom it is about."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from node import feedback
from node.feedback import Board, OpenedCopy, Prepared, Said
from web import current
from web.api.operations import Answer, Shape, Slice, effect_id, operation
from web.schemas.api import feedback as shapes

slice_ = Slice("feedback", "What a member says about how their case was handled.")


@operation(slice_, "GET", "/cases/<ref>/feedback", Shape(gives=shapes.FeedbackShown))
def show(ref: str) -> Board:
    """Return what was said, to its member, whom it is about and who coordinates."""
    return feedback.show(current.node(), ref, by=current.visitor())


@operation(
    slice_,
    "POST",
    "/cases/<ref>/feedback",
    Shape(gives=shapes.FeedbackShown, takes=shapes.NewFeedback, needs_key=True),
)
def give(given: dict[str, Any], ref: str) -> Board:
    """Say how one's closed case was handled; again, and it stands for the first."""
    said = Said(effect_id(), **given)
    feedback.give(current.node(), ref, said, by=current.visitor())
    return show(ref)


@operation(slice_, "DELETE", "/cases/<ref>/feedback", Shape(status=204))
def take_back(ref: str) -> Answer:
    """Take back what one said, with its answer."""
    feedback.take_back(current.node(), ref, by=current.visitor())
    return Answer()


@operation(
    slice_,
    "POST",
    "/cases/<ref>/feedback/answer",
    Shape(gives=shapes.FeedbackShown, takes=shapes.NewFeedbackAnswer),
)
def answer(given: dict[str, Any], ref: str) -> Board:
    """Answer, once, what was said about one's own work."""
    feedback.answer(current.node(), ref, given["text"], by=current.visitor())
    return show(ref)


@operation(
    slice_,
    "POST",
    "/cases/<ref>/feedback/copy",
    Shape(gives=shapes.FeedbackShown, takes=shapes.NewCopy),
)
def copy(given: dict[str, Any], ref: str) -> Board:
    """Keep a copy without names, and ask two others to look at it."""
    feedback.prepare(current.node(), ref, Prepared(**given), by=current.visitor())
    return show(ref)


@operation(slice_, "GET", "/copies", Shape(gives=shapes.CopyList))
def copies() -> Mapping[str, object]:
    """List the copies one is asked to look at."""
    return {"items": feedback.listed(current.node(), by=current.visitor())}


@operation(slice_, "GET", "/copies/<uuid:id_>", Shape(gives=shapes.CopyOpened))
def opened(id_: UUID) -> OpenedCopy:
    """Return one copy with its words; the member sees that it was read."""
    return feedback.one(current.node(), id_, by=current.visitor())


@operation(
    slice_,
    "POST",
    "/copies/<uuid:id_>/finding",
    Shape(gives=shapes.CopyOpened, takes=shapes.NewFinding),
)
def find(given: dict[str, Any], id_: UUID) -> OpenedCopy:
    """Say, once, what one finds in a copy."""
    feedback.find(current.node(), id_, given["text"], by=current.visitor())
    return opened(id_)


@operation(slice_, "POST", "/copies/<uuid:id_>/decline", Shape(status=204))
def decline(id_: UUID) -> Answer:
    """Say that one cannot look at a copy; somebody else is asked."""
    feedback.decline(current.node(), id_, by=current.visitor())
    return Answer()
