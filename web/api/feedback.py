"""How a case was handled: for programs of its member, and of whom it is about."""

from typing import Any

from node import feedback
from node.feedback import Board, Said
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
