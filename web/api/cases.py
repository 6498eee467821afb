"""A member's cases, for programs: looking, writing, and the moves they may make."""

import json
from hashlib import sha256
from typing import Any

from flask import Response, request

from governance.cases import Act
from governance.errors import NotFound
from node import acting, cases, log
from node.log import Ticket
from node.threads import Words
from web import authoring, current
from web.api import lists
from web.api.operations import (
    JSON,
    Answer,
    Shape,
    Slice,
    effect_id,
    operation,
)
from web.casefiles import PREFIX, receipt_url, shown
from web.schemas.api import coming, going

slice_ = Slice("cases", "Cases: what happened, who answers, and by when.")

_CREATED = 201


@operation(
    slice_,
    "GET",
    "/cases",
    Shape(gives=going.CaseList, takes=coming.Page, where="query"),
)
def index(page: dict[str, Any]) -> Response:
    """List the cases of whoever the token is for, newest first."""
    given = page["cursor"]
    before = cases.Told.read(lists.place(given)) if given else None
    own = cases.own(
        current.node(), by=current.visitor(), before=before, most=page["limit"]
    )
    following = lists.cursor(own.end) if own.end else None
    found = {"items": own.lines, "next": following}
    body = json.dumps(going.CaseList().dump(found))
    response = Response(body, content_type=JSON)
    if following:
        address = f"{PREFIX}/cases?limit={page['limit']}&cursor={following}"
        response.headers["Link"] = f'<{address}>; rel="next"'
    return response


@operation(slice_, "GET", "/cases/<ref>", Shape(gives=going.CaseShown))
def show(ref: str) -> Response:
    """Return a case as whoever asks may see it."""
    node, who = current.node(), current.visitor()
    view = cases.view(node, ref, by=who)
    body = json.dumps(going.CaseShown().dump(shown(node, view, by=who))).encode()
    response = Response(body, content_type=JSON)
    # Seals arrive without a new event, so the version alone does not name the content.
    response.set_etag(f"v{view.version}-{sha256(body).hexdigest()[:16]}")
    response.headers["Cache-Control"] = "private, no-cache"
    response.make_conditional(request)
    return response


@operation(
    slice_,
    "POST",
    "/cases/<ref>/messages",
    Shape(
        gives=going.MessageMade,
        takes=coming.NewMessage,
        status=_CREATED,
        needs_key=True,
    ),
)
def write(given: dict[str, Any], ref: str) -> Answer:
    """Write a message: its member's words, or an advocate's reply."""
    node, who = current.node(), current.visitor()
    signed = authoring.of_program(given["signed"])
    words = Words(
        effect_id(),
        given["text"],
        authored=signed,
        began=given["template"],
        copies=tuple(given["copies"]),
    )
    written = acting.say(node, ref, words, by=who)
    sealed = log.wait(node, written.ticket)
    made = {"seq": written.seq, "receipt_url": receipt_url(ref, written.seq)}
    return Answer(made, sealed=sealed is not None)


@operation(
    slice_,
    "POST",
    "/cases/<ref>/moves/<action>",
    Shape(gives=going.CaseShown, takes=coming.MoveFields),
)
def move(given: dict[str, Any], ref: str, action: str) -> Answer | Response:
    """Make a move of the case, such as `resolve`, `confirm` or `withdraw`.

    Who gives a case back may not see it any more: then there is no content (204).
    """
    if action not in set(Act):
        raise NotFound("There is no such move.")
    node, who = current.node(), current.visitor()
    asked = {**given, "id": str(effect_id())}
    return _after(ref, acting.act(node, ref, Act(action), asked, by=who))


@operation(
    slice_,
    "POST",
    "/cases/<ref>/sort",
    Shape(gives=going.CaseShown, takes=coming.MoveFields),
)
def sort(given: dict[str, Any], ref: str) -> Answer | Response:
    """Sort a case again, with what goes with the move `triage`; it stays where it is.

    Who sorts it out of their own scope sees no content (204).
    """
    ticket = acting.sort_again(current.node(), ref, given, by=current.visitor())
    return _after(ref, ticket)


def _after(ref: str, ticket: Ticket) -> Answer | Response:
    node, who = current.node(), current.visitor()
    sealed = log.wait(node, ticket)
    try:
        view = cases.view(node, ref, by=who)
    except NotFound:
        return Response(status=204 if sealed is not None else 202)
    return Answer(shown(node, view, by=who), sealed=sealed is not None)
