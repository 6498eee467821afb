"""Replies that leave at a moment, for programs of the desk."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from node import later, log
from node.threads import Words
from web import current
from web.api.operations import Answer, Shape, Slice, effect_id, operation
from web.schemas.api import coming
from web.schemas.api import later as shapes

slice_ = Slice("later", "Replies that are written now and leave at a moment.")


@operation(slice_, "GET", "/cases/<ref>/later", Shape(gives=shapes.LaterList))
def index(ref: str) -> Mapping[str, object]:
    """List the replies of a case that wait, or did not leave at their moment."""
    return _listed(ref)


@operation(
    slice_,
    "POST",
    "/cases/<ref>/later",
    Shape(gives=shapes.LaterList, takes=shapes.NewLater, status=201, needs_key=True),
)
def schedule(given: dict[str, Any], ref: str) -> Mapping[str, object]:
    """Keep a reply until a moment; it leaves then, if its author still may send it."""
    words = Words(effect_id(), given["text"])
    later.schedule(current.node(), ref, words, given["at"], by=current.visitor())
    return _listed(ref)


@operation(
    slice_,
    "POST",
    "/cases/<ref>/later/<uuid:reply_id>",
    Shape(gives=shapes.LaterList, takes=shapes.ChangedLater),
)
def change(given: dict[str, Any], ref: str, reply_id: UUID) -> Mapping[str, object]:
    """Change a reply that waits, or its moment; with the version that was seen."""
    words, plan = Words(reply_id, given["text"]), (given["at"], given["version"])
    later.change(current.node(), ref, words, plan, by=current.visitor())
    return _listed(ref)


@operation(
    slice_,
    "POST",
    "/cases/<ref>/statements",
    Shape(
        gives=shapes.LaterList, takes=shapes.NewStatement, status=201, needs_key=True
    ),
)
def ask(given: dict[str, Any], ref: str) -> Mapping[str, object]:
    """Keep a reply in the community's name until somebody else agrees to it."""
    words = Words(effect_id(), given["text"], began=given["template"])
    later.ask(current.node(), ref, words, by=current.visitor())
    return _listed(ref)


@operation(
    slice_,
    "POST",
    "/cases/<ref>/statements/<uuid:reply_id>",
    Shape(gives=shapes.LaterList, takes=coming.Nothing),
)
def agree(given: dict[str, Any], ref: str, reply_id: UUID) -> Answer:
    """Agree to one, as the second person: it leaves now, if it still may."""
    del given
    node = current.node()
    ticket = later.agree(node, ref, reply_id, by=current.visitor())
    sealed = ticket is None or log.wait(node, ticket) is not None
    return Answer(_listed(ref), sealed=sealed)


@operation(slice_, "DELETE", "/cases/<ref>/later/<uuid:reply_id>", Shape(status=204))
def cancel(ref: str, reply_id: UUID) -> Answer:
    """Take back a reply before it leaves, or put away one that did not."""
    later.cancel(current.node(), ref, reply_id, by=current.visitor())
    return Answer()


def _listed(ref: str) -> Mapping[str, object]:
    return {"items": later.waiting(current.node(), ref, by=current.visitor())}
