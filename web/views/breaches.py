"""The log of breaches: writing one down, and what was done about it."""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from governance.breaches import Step
from governance.errors import ChoiceInvalid, WrongState
from node.access import breaches
from web import current
from web.problems import status_of
from web.schemas import access as schemas
from web.schemas.form import Form, read, refused

blueprint = Blueprint("breaches", __name__, url_prefix="/admin/breaches")


@blueprint.get("/")
def index() -> str:
    """Show every breach, and a form to write one down."""
    return _index(Form())


def _index(form: Form) -> str:
    lines = breaches.listed(current.node(), by=current.visitor())
    return render_template("access/breaches.html", lines=lines, form=form)


@blueprint.post("/")
def report() -> ResponseReturnValue:
    """Write a breach down."""
    sent = read(schemas.Found, request.form)
    if not sent.good:
        return _index(sent.form), 422
    found, node, who = sent.found, current.node(), current.visitor()
    ago = timedelta(hours=int(found["hours"].strip() or 0))
    people = int(found["people"]) if found["people"].strip() else None
    try:
        id_ = breaches.report(node, found["what"], ago, people, by=who)
    except ChoiceInvalid as refusal:
        return _index(refused(sent.form.values, "hours", refusal)), 422
    return redirect(f"/admin/breaches/{id_}?done=found", code=303)


@blueprint.get("/<uuid:id_>")
def show(id_: UUID) -> str:
    """Show one breach, and everything that was done."""
    return _show(id_, Form())


def _show(id_: UUID, form: Form) -> str:
    it, steps = breaches.one(current.node(), id_, by=current.visitor())
    done = request.args.get("done", "")
    return render_template(
        "access/breach.html", it=it, steps=steps, form=form, done=done
    )


@blueprint.post("/<uuid:id_>")
def act(id_: UUID) -> ResponseReturnValue:
    """Write down what was done about it."""
    sent = read(schemas.Done, request.form)
    if not sent.good:
        return _show(id_, sent.form), 422
    step, words = Step(sent.found["step"]), sent.found["words"]
    try:
        breaches.act(current.node(), id_, step, words, by=current.visitor())
    except WrongState as refusal:
        form = refused(sent.form.values, "words", refusal)
        return _show(id_, form), status_of(refusal.code)
    return redirect(f"/admin/breaches/{id_}?done=step", code=303)
