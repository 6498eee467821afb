"""Copies without names: whoever is asked reads one, and says what they find."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from governance.errors import Invalid
from node import feedback
from web import current
from web.problems import OVERTAKEN, status_of
from web.schemas import feedback as schemas
from web.schemas.form import Form, overtaken, read, refused

blueprint = Blueprint("copies", __name__)


@blueprint.get("/desk/copies/")
@current.one_look
def show() -> str:
    """Show the copy that waits longest for what one finds in it."""
    return _page(Form())


@blueprint.post("/desk/copies/<uuid:id_>")
def find(id_: UUID) -> ResponseReturnValue:
    """Say what one finds."""
    sent = read(schemas.Find, request.form)
    if not sent.good:
        return _page(sent.form, id_), 422
    text = sent.found["finding"]
    try:
        feedback.find(current.node(), id_, text, by=current.visitor())
    except Invalid as refusal:
        return _page(refused(sent.form.values, "finding", refusal), id_), 422
    except OVERTAKEN as refusal:
        form = overtaken(sent.form.values, ["finding"], refusal, set())
        return _page(form), status_of(refusal.code)
    return redirect("/desk/copies?done=found", code=303)


@blueprint.post("/desk/copies/<uuid:id_>/decline")
def decline(id_: UUID) -> ResponseReturnValue:
    """Say that one cannot look at it."""
    feedback.decline(current.node(), id_, by=current.visitor())
    return redirect("/desk/copies?done=declined", code=303)


def _page(form: Form, id_: UUID | None = None) -> str:
    node, by = current.node(), current.visitor()
    waits = [it.id for it in feedback.listed(node, by=by) if not it.done]
    chosen = id_ or next(iter(waits), None)
    it = feedback.one(node, chosen, by=by) if chosen else None
    done = request.args.get("done", "")
    return render_template(
        "desk/copies.html", it=it, waiting=len(waits), form=form, done=done
    )
