"""Replies that are written now and leave at a moment."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from governance.errors import ChoiceInvalid, NotFound
from node import cases, later, log
from node.later import Waiting
from node.threads import Words
from web import case_pages, current
from web.problems import OVERTAKEN, status_of
from web.schemas import desk_acts as schemas
from web.schemas.form import Form, overtaken, read, refused
from web.typed import here, typed_moment

blueprint = Blueprint("desk_later", __name__, url_prefix="/desk/cases")


@blueprint.post("/<ref>/later")
def schedule(ref: str) -> ResponseReturnValue:
    """Keep a reply until a moment of the community's clock."""
    sent = read(schemas.Later, request.form)
    if not sent.good:
        return _case(ref, sent.form), 422
    words = Words(sent.found["id"], sent.found["later"])
    try:
        at = typed_moment(sent.found["when"])
        later.schedule(current.node(), ref, words, at, by=current.visitor())
    except ChoiceInvalid as refusal:
        return _case(ref, refused(sent.form.values, "when", refusal)), 422
    except OVERTAKEN as refusal:
        there = {"later"} if case_pages.answers(_view(ref)) else set()
        form = overtaken(sent.form.values, ["later"], refusal, there)
        return _case(ref, form), status_of(refusal.code)
    return redirect(f"/desk/cases/{ref}?done=waits", code=303)


@blueprint.get("/<ref>/later/<uuid:reply_id>")
@current.one_look
def show(ref: str, reply_id: UUID) -> ResponseReturnValue:
    """Show a reply that waits, to change it."""
    row = _waits(ref, reply_id)
    typed = {"later": row.text, "when": _shown(row), "version": str(row.version)}
    return _page(ref, row, Form(typed))


@blueprint.post("/<ref>/later/<uuid:reply_id>")
def change(ref: str, reply_id: UUID) -> ResponseReturnValue:
    """Change a reply that waits, or when it leaves."""
    row = _waits(ref, reply_id)
    sent = read(schemas.LaterChange, request.form)
    if not sent.good:
        return _page(ref, row, sent.form), 422
    words, found = Words(reply_id, sent.found["later"]), sent.found
    try:
        # Of what the clocks show twice, what was chosen stays what it is.
        kept = found["when"] == _shown(row)
        at = row.due_at if kept else typed_moment(found["when"])
        plan = (at, found["version"])
        later.change(current.node(), ref, words, plan, by=current.visitor())
    except ChoiceInvalid as refusal:
        return _page(ref, row, refused(sent.form.values, "when", refusal)), 422
    except OVERTAKEN as refusal:
        typed = {**sent.form.values, "version": str(row.version)}
        form = overtaken(typed, ["later"], refusal, {"later"})
        return _page(ref, row, form), status_of(refusal.code)
    return redirect(f"/desk/cases/{ref}?done=waits", code=303)


@blueprint.post("/<ref>/later/<uuid:reply_id>/cancel")
def cancel(ref: str, reply_id: UUID) -> ResponseReturnValue:
    """Take back a reply before it leaves."""
    later.cancel(current.node(), ref, reply_id, by=current.visitor())
    return redirect(f"/desk/cases/{ref}?done=unsent", code=303)


@blueprint.post("/<ref>/later/<uuid:reply_id>/agree")
def agree(ref: str, reply_id: UUID) -> ResponseReturnValue:
    """Agree to a reply in the community's name, as the second person."""
    ticket = later.agree(current.node(), ref, reply_id, by=current.visitor())
    if ticket is None:
        return redirect(f"/desk/cases/{ref}?done=kept-back", code=303)
    log.wait(current.node(), ticket)
    return redirect(f"/desk/cases/{ref}?done=said", code=303)


def _waits(ref: str, reply_id: UUID) -> Waiting:
    rows = later.waiting(current.node(), ref, by=current.visitor())
    found = next((row for row in rows if row.id == reply_id and row.yours), None)
    if found is None:
        raise NotFound("There is no such reply here.")
    return found


def _shown(row: Waiting) -> str:
    return row.due_at.astimezone(here()).strftime("%Y-%m-%dT%H:%M")


def _view(ref: str) -> cases.CaseView:
    return cases.view(current.node(), ref, by=current.visitor())


def _case(ref: str, form: Form) -> str:
    return case_pages.desk(_view(ref), form)


def _page(ref: str, row: Waiting, form: Form) -> str:
    return render_template(
        "desk/later.html",
        case=_view(ref),
        it=row,
        form=form,
        zone=current.community().zone,
    )
