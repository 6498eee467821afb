"""Calls, letters and talks: written down at the desk, denied by their member."""

from uuid import UUID

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from governance.errors import ChoiceInvalid
from governance.intake import Channel
from governance.threads import Direction
from node import cases, log, spoken
from node.spoken import Heard
from web import case_pages, current
from web.problems import OVERTAKEN, status_of
from web.schemas import desk_acts as schemas
from web.schemas.form import Form, overtaken, read, refused
from web.typed import typed_moment

blueprint = Blueprint("spoken", __name__)
#: How the form calls what the rules refuse.
_FIELDS = {"at": "spoken_at", "when": "spoken_at", "channel": "way"}


@blueprint.post("/desk/cases/<ref>/spoken")
def note(ref: str) -> ResponseReturnValue:
    """Write down what was said on the telephone, face to face or on paper."""
    sent = read(schemas.Spoken, request.form)
    if not sent.good:
        return _again(ref, sent.form), 422
    node, found = current.node(), sent.found
    try:
        heard = Heard(
            id=found["id"],
            direction=Direction(found["who"]),
            channel=Channel(found["way"]),
            at=typed_moment(found["spoken_at"]),
            text=found["spoken"],
            whole=found["whole"] == "yes",
        )
        written = spoken.note(node, ref, heard, by=current.visitor())
    except ChoiceInvalid as refusal:
        field = _FIELDS[str(refusal.values.get("field", "at"))]
        return _again(ref, refused(sent.form.values, field, refusal)), 422
    except OVERTAKEN as refusal:
        there = {"spoken"} if case_pages.answers(_view(ref)) else set()
        form = overtaken(sent.form.values, ["spoken"], refusal, there)
        return _again(ref, form), status_of(refusal.code)
    log.wait(node, written.ticket)
    return redirect(f"/desk/cases/{ref}?done=spoken", code=303)


@blueprint.post("/desk/cases/<ref>/tried")
def tried(ref: str) -> ResponseReturnValue:
    """Write down that a member was tried to be reached, and nobody answered."""
    sent = read(schemas.Tried, request.form)
    if not sent.good:
        return _again(ref, sent.form), 422
    node, way = current.node(), Channel(sent.found["way"])
    log.wait(node, spoken.tried(node, ref, way, by=current.visitor()))
    return redirect(f"/desk/cases/{ref}?done=tried", code=303)


@blueprint.post("/cases/<ref>/spoken/<uuid:message_id>/deny")
def deny(ref: str, message_id: UUID) -> ResponseReturnValue:
    """Say that something that was written down never was."""
    spoken.deny(current.node(), ref, message_id, by=current.visitor())
    return redirect(f"/cases/{ref}?done=denied", code=303)


def _view(ref: str) -> cases.CaseView:
    return cases.view(current.node(), ref, by=current.visitor())


def _again(ref: str, form: Form) -> str:
    return case_pages.desk(_view(ref), form)
