"""Who is in a case besides its member, for programs of any of them."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Response

from node import log, parties
from node.parties import Board, Named, Seen
from node.threads import Words
from web import current, uploads
from web.api.operations import Answer, Shape, Slice, effect_id, operation
from web.schemas.api import parties as shapes

slice_ = Slice("parties", "Who is in a case besides its member, and what they see.")

_ACTS = {"agree": parties.agree, "refuse": parties.refuse, "end": parties.end}


@operation(slice_, "GET", "/cases/<ref>/parties", Shape(gives=shapes.PartyList))
def show(ref: str) -> Board:
    """List who is, was or may be in a case besides its member."""
    return parties.board(current.node(), ref, by=current.visitor())


@operation(
    slice_,
    "POST",
    "/cases/<ref>/parties",
    Shape(gives=shapes.PartyList, takes=shapes.NewParty, needs_key=True),
)
def name(given: dict[str, Any], ref: str) -> Board:
    """Name somebody as its member; or propose them, as who works on it."""
    named = Named(
        id=effect_id(),
        name=given["name"],
        contact=given["contact"],
        role=given["role"],
        fields=tuple(given["fields_"]),
        source=current.source(),
    )
    node, who = current.node(), current.visitor()
    own = parties.board(node, ref, by=who).own
    (parties.name if own else parties.propose)(node, ref, named, by=who)
    return show(ref)


@operation(
    slice_,
    "POST",
    "/cases/<ref>/parties/<uuid:id_>",
    Shape(gives=shapes.PartyList, takes=shapes.PartyDecision),
)
def decide(given: dict[str, Any], ref: str, id_: UUID) -> Board:
    """Say yes or no, as its member, to who is proposed; or end it with somebody."""
    _ACTS[given["act"]](current.node(), ref, id_, by=current.visitor())
    return show(ref)


@operation(slice_, "GET", "/cases/<ref>/party", Shape(gives=shapes.SeenShown))
def see(ref: str) -> Seen:
    """Return a case as a party sees it: `Authorization: Party <token>`."""
    return parties.see(current.node(), ref, by=current.visitor())


@operation(
    slice_,
    "POST",
    "/cases/<ref>/party",
    Shape(takes=shapes.PartyAnswer, status=HTTPStatus.NO_CONTENT),
)
def answer(given: dict[str, Any], ref: str) -> Answer:
    """Say yes as a party, or no, or leave."""
    say = parties.confirm if given["act"] == "confirm" else parties.leave
    say(current.node(), ref, by=current.visitor())
    return Answer()


@operation(
    slice_,
    "POST",
    "/cases/<ref>/party/messages",
    Shape(gives=shapes.SeenShown, takes=shapes.PartyWords, needs_key=True),
)
def write(given: dict[str, Any], ref: str) -> Answer:
    """Add a party's own words to the case."""
    node, words = current.node(), Words(effect_id(), given["text"])
    written = parties.write(node, ref, words, by=current.visitor())
    sealed = log.wait(node, written.ticket)
    return Answer(see(ref), sealed=sealed is not None)


@operation(slice_, "GET", "/cases/<ref>/party/files/<uuid:file_id>", Shape())
def file(ref: str, file_id: UUID) -> Response:
    """Send a file of the case to a party who may see its files."""
    found = parties.file(current.node(), ref, file_id, by=current.visitor())
    return uploads.answer(found)
