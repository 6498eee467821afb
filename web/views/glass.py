"""Looks that no role opens: asking, agreeing, looking, and keeping one back."""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from governance.errors import NotFound, SecondPerson, WrongState
from node import access, cases
from node.access import GlassLine
from web import current
from web.problems import status_of
from web.schemas import access as schemas
from web.schemas.form import Form, read, refused

blueprint = Blueprint("glass", __name__, url_prefix="/admin/glass")


@blueprint.get("/")
def index() -> str:
    """Show what was asked for, and a form to ask."""
    return _index(Form())


def _index(form: Form) -> str:
    lines = access.looks(current.node(), by=current.visitor())
    done = request.args.get("done", "")
    return render_template("access/glass.html", lines=lines, form=form, done=done)


@blueprint.post("/")
def ask() -> ResponseReturnValue:
    """Ask to read a case."""
    sent = read(schemas.Ask, request.form)
    if not sent.good:
        return _index(sent.form), 422
    node, who = current.node(), current.visitor()
    try:
        access.ask(node, sent.found["ref"], sent.found["reason"], by=who)
    except NotFound as refusal:
        form = refused(sent.form.values, "ref", refusal)
        return _index(form), status_of(refusal.code)
    return redirect("/admin/glass?done=asked", code=303)


@blueprint.post("/<uuid:id_>/answer")
def answer(id_: UUID) -> ResponseReturnValue:
    """Say yes or no, as the second person."""
    agree = schemas.Answer().load(request.form)["agree"] == "yes"
    access.answer(current.node(), id_, agree=agree, by=current.visitor())
    done = "agreed" if agree else "refused"
    return redirect(f"/admin/glass?done={done}", code=303)


@blueprint.get("/<uuid:id_>")
def one(id_: UUID) -> str:
    """Show one look, and how to keep it back."""
    return _one(id_, Form({"days": schemas.DAYS[0]}))


def _one(id_: UUID, form: Form) -> str:
    lines = access.looks(current.node(), by=current.visitor())
    found: GlassLine | None = next((it for it in lines if it.id == id_), None)
    if found is None:
        raise NotFound("There is no such request here.")
    return render_template("access/look.html", it=found, form=form, days=schemas.DAYS)


@blueprint.post("/<uuid:id_>")
def seal(id_: UUID) -> ResponseReturnValue:
    """Keep a look from its member until a day."""
    sent = read(schemas.Seal, request.form)
    if not sent.good:
        return _one(id_, sent.form), 422
    node, who, why = current.node(), current.visitor(), sent.found["why"]
    until = node.now() + timedelta(days=int(sent.found["days"]))
    try:
        access.seal(node, id_, until, why, by=who)
    except (SecondPerson, WrongState) as refusal:
        form = refused(sent.form.values, "why", refusal)
        return _one(id_, form), status_of(refusal.code)
    return redirect("/admin/glass?done=sealed", code=303)


@blueprint.get("/cases/<ref>")
def show(ref: str) -> str:
    """Show a case to whoever may look for now: to read, and nothing else."""
    case = cases.view(current.node(), ref, by=current.visitor())
    return render_template("access/through.html", case=case)
