"""Witnesses, for stewards: who watches our ledger, whose we watch, what was proven."""

from flask import Blueprint, Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from governance.errors import ChoiceInvalid
from node import log, witness
from web import current
from web.schemas import ledger as schemas
from web.schemas.form import Form, read, refused

blueprint = Blueprint("witnesses", __name__, url_prefix="/admin/witnesses")


@blueprint.get("/")
def index() -> str:
    """Show everybody who is known."""
    return _index(Form())


def _index(form: Form) -> str:
    node = current.node()
    return render_template(
        "witnesses/index.html",
        form=form,
        known=witness.overview(node, by=current.visitor()),
        quorum=log.quorum(node),
        done=request.args.get("done"),
    )


@blueprint.post("/look")
def look() -> ResponseReturnValue:
    """Show what would be named, before anybody is."""
    sent = read(schemas.Watchers, request.form)
    if not sent.good:
        return _index(sent.form), 422
    who = current.visitor()
    try:
        found = witness.find(current.node(), sent.found["who"], by=who)
    except ChoiceInvalid as refusal:
        return _index(refused(sent.form.values, "who", refusal)), 422
    return render_template("witnesses/review.html", found=found)


@blueprint.post("/add")
def add() -> ResponseReturnValue:
    """Name what was looked at."""
    sent = read(schemas.Watchers, request.form)
    if not sent.good:
        return _index(sent.form), 422
    node, who, only = current.node(), current.visitor(), bool(sent.found["revoked"])
    try:
        # What was seen is named: nobody is asked again.
        chosen = witness.find(node, sent.found["who"], by=who)
        witness.name(node, chosen, by=who, only=only)
    except ChoiceInvalid as refusal:
        return _index(refused(sent.form.values, "who", refusal)), 422
    return redirect("/admin/witnesses?done=named", code=303)


@blueprint.get("/proof/<string(length=64):digest>")
def proof(digest: str) -> Response:
    """Hand over the fraud file of something that was kept."""
    raw = witness.proof(current.node(), digest, by=current.visitor())
    response = Response(raw, mimetype="application/json")
    name = f"{digest[:16]}.fm-fraud"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
