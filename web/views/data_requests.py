"""What members ask about their own data: the list by its days, and answering one."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from governance.data_requests import CLOCK
from governance.errors import WrongState
from node import data_requests
from node.data_requests import Answer
from web import current
from web.problems import status_of
from web.schemas import data_requests as schemas
from web.schemas.form import Form, read, refused

blueprint = Blueprint("data_requests", __name__, url_prefix="/admin/requests")


@blueprint.get("/")
def index() -> str:
    """Show what is to be answered, the most urgent first."""
    found = data_requests.listed(current.node(), by=current.visitor())
    done = request.args.get("done", "")
    return render_template(
        "access/requests.html", waiting=found, within=CLOCK.days, done=done
    )


@blueprint.get("/<uuid:id_>")
def show(id_: UUID) -> str:
    """Show one request, and a form to answer it."""
    return _show(id_, Form({"how": "answer"}))


def _show(id_: UUID, form: Form) -> str:
    it = data_requests.one(current.node(), id_, by=current.visitor())
    done = request.args.get("done", "")
    return render_template("access/request.html", it=it, form=form, done=done)


@blueprint.post("/<uuid:id_>")
def settle(id_: UUID) -> ResponseReturnValue:
    """Answer a request, or refuse it."""
    sent = read(schemas.Settle, request.form)
    if not sent.good:
        return _show(id_, sent.form), 422
    found = sent.found
    said = Answer(found["words"], found["how"] == "refuse", found["complain"])
    try:
        data_requests.settle(current.node(), id_, said, by=current.visitor())
    except WrongState as refusal:
        # What was typed is not lost: somebody else was quicker.
        form = refused(sent.form.values, "words", refusal)
        return _show(id_, form), status_of(refusal.code)
    return redirect("/admin/requests?done=settled", code=303)


@blueprint.post("/<uuid:id_>/longer")
def lengthen(id_: UUID) -> ResponseReturnValue:
    """Take two months longer, with the reason."""
    sent = read(schemas.Lengthen, request.form)
    if not sent.good:
        return _show(id_, sent.form), 422
    why = sent.found["why"]
    try:
        data_requests.lengthen(current.node(), id_, why, by=current.visitor())
    except WrongState as refusal:
        form = refused(sent.form.values, "why", refusal)
        return _show(id_, form), status_of(refusal.code)
    return redirect(f"/admin/requests/{id_}?done=longer", code=303)
