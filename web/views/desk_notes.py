"""What the desk writes for itself: notes about a case, and a reply not yet sent."""

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from governance.errors import ChoiceInvalid, Conflict, ReasonMissing
from governance.tags import BETWEEN
from governance.threads import NoteKind
from node import cases, drafting, log, notes
from node.cases import tagging
from node.notes import Noted
from web import case_pages, current
from web.problems import status_of
from web.schemas import desk_acts as schemas
from web.schemas.form import Form, overtaken, read, refused

blueprint = Blueprint("desk_notes", __name__, url_prefix="/desk/cases")


@blueprint.post("/<ref>/notes")
def write(ref: str) -> ResponseReturnValue:
    """Write a note that the member does not see."""
    sent = read(schemas.Note, request.form)
    if not sent.good:
        return _again(ref, sent.form), 422
    found = sent.found
    noted = Noted(
        found["id"], found["note"], NoteKind(found["kind"]), found["note_reason"]
    )
    try:
        notes.write(current.node(), ref, noted, by=current.visitor())
    except ReasonMissing as refusal:
        return _again(ref, refused(sent.form.values, "note_reason", refusal)), 422
    return redirect(f"/desk/cases/{ref}?done=noted", code=303)


@blueprint.post("/<ref>/tags")
def tag(ref: str) -> ResponseReturnValue:
    """Let a case have exactly these tags."""
    sent = read(schemas.Tags, request.form)
    if not sent.good:
        return _again(ref, sent.form), 422
    typed, node = sent.found["tags"].split(BETWEEN), current.node()
    try:
        ticket = tagging.put(node, ref, typed, by=current.visitor())
    except ChoiceInvalid as refusal:
        return _again(ref, refused(sent.form.values, "tags", refusal)), 422
    if ticket is not None:
        log.wait(node, ticket)
    return redirect(f"/desk/cases/{ref}?done=tagged#tagging", code=303)


@blueprint.post("/<ref>/draft")
def draft(ref: str) -> ResponseReturnValue:
    """Keep a reply as far as it goes, and keep the others out meanwhile."""
    sent = read(schemas.Draft, request.form)
    if not sent.good:
        return _again(ref, sent.form), 422
    text, seen = sent.found["reply"], sent.found["version"]
    try:
        drafting.save(current.node(), ref, text, seen, by=current.visitor())
    except Conflict as refusal:
        # The newer reply stands in the field, what was typed beside it.
        form = overtaken(sent.form.values, ["reply"], refusal, set())
        return _again(ref, form), status_of(refusal.code)
    return redirect(f"/desk/cases/{ref}?done=drafted#reply-form", code=303)


def _again(ref: str, form: Form) -> str:
    case = cases.view(current.node(), ref, by=current.visitor())
    return case_pages.desk(case, form)
