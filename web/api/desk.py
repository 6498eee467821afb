"""The desk, for programs of those who work there: what waits, and who agrees."""

from collections.abc import Mapping
from typing import Any

from governance.errors import ChoiceInvalid
from node import assignments, cases, log, resolutions
from node.assignments import Desk, Place
from node.cases import Behind
from node.threads import Words
from web import current
from web.api.operations import Answer, Shape, Slice, effect_id, operation
from web.casefiles import receipt_url
from web.schemas.api import coming, going
from web.schemas.api import desk as shapes

slice_ = Slice("desk", "The desk: what waits, what is next, and the second person.")


@operation(
    slice_,
    "GET",
    "/desk",
    Shape(gives=shapes.DeskShown, takes=shapes.After, where="query"),
)
def index(asked: dict[str, Any]) -> Desk:
    """List what lies on one's desk, by next promise; `after` is the `next` before."""
    place = Place.read(asked["after"])
    if asked["after"] and place is None:
        raise ChoiceInvalid("No page ended there.", field="after")
    return assignments.desk(current.node(), by=current.visitor(), after=place)


@operation(
    slice_,
    "POST",
    "/desk/next",
    Shape(gives=shapes.Taken, takes=coming.Nothing, knows_again=True),
)
def take_next(given: dict[str, Any]) -> Mapping[str, object]:
    """Take the case that is next in the queue; null when nothing waits."""
    del given
    id_, who = effect_id(), current.visitor()
    return {"case_ref": assignments.take_next(current.node(), by=who, id=id_)}


@operation(slice_, "GET", "/triage", Shape(gives=shapes.ToTriageShown))
def to_triage() -> Mapping[str, object]:
    """Return the case that has waited longest for triage; null when none waits."""
    return {"item": cases.triage_next(current.node(), by=current.visitor())}


@operation(
    slice_,
    "POST",
    "/cases/<ref>/answer",
    Shape(gives=going.MessageMade, takes=shapes.AnswerAtOnce, status=201),
)
def answer_now(given: dict[str, Any], ref: str) -> Answer:
    """Take a question, thanks or information, and answer it at once."""
    node, words = current.node(), Words(effect_id(), given["text"])
    written = resolutions.answer_now(node, ref, words, by=current.visitor())
    made = {"seq": written.seq, "receipt_url": receipt_url(ref, written.seq)}
    return Answer(made, sealed=log.wait(node, written.ticket) is not None)


@operation(slice_, "GET", "/cases/<ref>/behind", Shape(gives=shapes.BehindShown))
def behind(ref: str) -> Behind:
    """Return what only the desk sees: proposals that wait, notes for the next one."""
    return cases.behind(current.node(), ref, by=current.visitor())


@operation(
    slice_,
    "POST",
    "/cases/<ref>/disagreements",
    Shape(takes=shapes.Seconded, status=204),
)
def disagree(given: dict[str, Any], ref: str) -> Answer:
    """Say no, as the second person, to what somebody proposed."""
    who = current.visitor()
    resolutions.disagree(current.node(), ref, given["proposal"], by=who)
    return Answer()


@operation(slice_, "GET", "/aside", Shape(gives=shapes.AsideShown))
def aside() -> Mapping[str, object]:
    """List what was set aside and waits for a second look."""
    return {"items": cases.set_aside(current.node(), by=current.visitor())}


@operation(
    slice_,
    "POST",
    "/cases/<ref>/seen",
    Shape(takes=shapes.Seconded, status=204),
)
def seen(given: dict[str, Any], ref: str) -> Answer:
    """Agree, as the second person, that what was set aside is no case."""
    cases.seen(current.node(), ref, given["proposal"], by=current.visitor())
    return Answer()
