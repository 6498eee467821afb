"""Going on together, for programs: to join is the move `join` of the case itself."""

from typing import Any

from node import log, together
from node.resolutions import claiming
from node.threads import Words
from node.together import marks
from web import casefiles, current
from web.api.operations import Answer, Shape, Slice, effect_id, operation
from web.schemas.api import together as shapes

slice_ = Slice("together", "Common matters: what one can join, who did, leaving.")


@operation(slice_, "GET", "/cases/<ref>/together", Shape(gives=shapes.TogetherShown))
def show(ref: str) -> dict[str, object]:
    """Return what a case can join or goes on with; to the desk, who joined it."""
    return _shown(ref)


def _shown(ref: str) -> dict[str, object]:
    return casefiles.together(current.node(), ref, by=current.visitor())


@operation(
    slice_,
    "POST",
    "/cases/<ref>/together",
    Shape(gives=shapes.TogetherShown, takes=shapes.NewMatter),
)
def open_matter(given: dict[str, Any], ref: str) -> Answer:
    """Let others join a case whose member agreed to that; say what it is about."""
    node, who = current.node(), current.visitor()
    sealed = log.wait(node, together.open_matter(node, ref, given["about"], by=who))
    return Answer(_shown(ref), sealed=sealed is not None)


@operation(
    slice_,
    "POST",
    "/cases/<ref>/updates",
    Shape(gives=shapes.TogetherShown, takes=shapes.NewUpdate, status=201),
)
def update(given: dict[str, Any], ref: str) -> Answer:
    """Write to everybody who joined, and to the member of the case itself."""
    node, words = current.node(), Words(effect_id(), given["text"])
    written = together.update(node, ref, words, by=current.visitor())
    return Answer(_shown(ref), sealed=log.wait(node, written.ticket) is not None)


@operation(slice_, "DELETE", "/cases/<ref>/together", Shape(status=204))
def leave(ref: str) -> Answer:
    """Leave a common matter; `reopen` leaves it too, and takes the case up alone."""
    node = current.node()
    ticket = together.leave(node, ref, by=current.visitor())
    return Answer(sealed=log.wait(node, ticket) is not None)


@operation(
    slice_,
    "POST",
    "/cases/<ref>/together/answer",
    Shape(gives=shapes.TogetherShown, takes=shapes.ClaimAnswered),
)
def answer(given: dict[str, Any], ref: str) -> Answer:
    """Say whether it is solved for one's own claim; "not solved" opens it again."""
    node, text = current.node(), given["text"]
    words = Words(effect_id(), text) if text.strip() else None
    ticket = claiming.answer(
        node, ref, given["answer"], by=current.visitor(), words=words
    )
    return Answer(_shown(ref), sealed=log.wait(node, ticket) is not None)


@operation(
    slice_,
    "POST",
    "/cases/<ref>/together/due",
    Shape(gives=shapes.TogetherShown, takes=shapes.MarkSettled),
)
def settle(given: dict[str, Any], ref: str) -> Answer:
    """Say that what was due because so many joined is done."""
    node = current.node()
    ticket = marks.settle(node, ref, given["mark"], by=current.visitor())
    return Answer(_shown(ref), sealed=log.wait(node, ticket) is not None)
