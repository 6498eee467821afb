"""Telling something for somebody else, for programs; and what they say to it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from node import log, proxies
from node.proxies import Session
from web import current
from web.api.operations import Answer, Shape, Slice, operation
from web.api.submissions import as_told
from web.schemas.api import proxies as shapes

slice_ = Slice("proxies", "Telling something for somebody else, and their answer.")


@operation(
    slice_,
    "POST",
    "/beside",
    Shape(gives=shapes.BesideMade, takes=shapes.NewBeside, status=201),
)
def begin(given: dict[str, Any]) -> Session | None:
    """Begin to act for whoever sits beside one, who agrees to it."""
    node, who = current.node(), current.visitor()
    proxies.begin(node, agreed=given["agreed"], by=who)
    return proxies.session(node, by=who)


@operation(slice_, "DELETE", "/beside/<uuid:id_>", Shape(status=204))
def end(id_: UUID) -> Answer:
    """End it before its time is over."""
    proxies.end(current.node(), id_, by=current.visitor())
    return Answer()


@operation(
    slice_,
    "POST",
    "/submissions/for",
    Shape(gives=shapes.ForMade, takes=shapes.NewFor, status=201, needs_key=True),
)
def tell(given: dict[str, Any]) -> Mapping[str, object]:
    """Tell it; what opens the case is given out only beside its member."""
    beside, node = given.pop("beside"), current.node()
    made = proxies.tell(node, as_told(given), by=current.visitor(), beside=beside)
    log.wait(node, made.ticket)
    if beside is None:
        return {"reference": made.reference, "words": [], "track_url": ""}
    return {
        "reference": made.reference,
        "words": made.words,
        "track_url": made.track_url,
    }


@operation(
    slice_,
    "POST",
    "/cases/<ref>/proxy",
    Shape(takes=shapes.ProxyAnswer, status=204),
)
def answer(given: dict[str, Any], ref: str) -> Answer:
    """Say, as its member, that it is right, or not wanted."""
    say = proxies.confirm if given["answer"] == "confirm" else proxies.object_to
    say(current.node(), ref, by=current.visitor())
    return Answer()
