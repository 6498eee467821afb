"""Calls, letters and talks, for programs: written down, and denied."""

from typing import Any
from uuid import UUID

from governance.intake import Channel
from node import log, spoken
from node.spoken import Heard
from web import current
from web.api.operations import Answer, Shape, Slice, effect_id, operation
from web.casefiles import receipt_url
from web.schemas.api import going
from web.schemas.api import spoken as shapes

slice_ = Slice("spoken", "What was said on the telephone, face to face or on paper.")


@operation(
    slice_,
    "POST",
    "/cases/<ref>/spoken",
    Shape(
        gives=going.MessageMade,
        takes=shapes.NewSpoken,
        status=201,
        needs_key=True,
    ),
)
def note(given: dict[str, Any], ref: str) -> Answer:
    """Write down what was said; its member is told that it was written down."""
    told = {**given, "channel": Channel(given["channel"])}
    heard = Heard(id=effect_id(), **told)
    written = spoken.note(current.node(), ref, heard, by=current.visitor())
    sealed = log.wait(current.node(), written.ticket)
    shown = {"seq": written.seq, "receipt_url": receipt_url(ref, written.seq)}
    return Answer(shown, sealed=sealed is not None)


@operation(
    slice_,
    "POST",
    "/cases/<ref>/tries",
    Shape(takes=shapes.NewTry, status=204),
)
def tried(given: dict[str, Any], ref: str) -> Answer:
    """Write down that its member was tried to be reached, and nobody answered."""
    way = Channel(given["channel"])
    spoken.tried(current.node(), ref, way, by=current.visitor())
    return Answer()


@operation(
    slice_, "POST", "/cases/<ref>/spoken/<uuid:message_id>/denial", Shape(status=204)
)
def deny(ref: str, message_id: UUID) -> Answer:
    """Say, as its member, that something that was written down never was."""
    spoken.deny(current.node(), ref, message_id, by=current.visitor())
    return Answer()
