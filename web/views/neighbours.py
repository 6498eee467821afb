"""Public cases of other communities, for our advocates to read and answer.

Whoever answers has a public name of their own, chosen once.
"""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from governance.errors import ChoiceInvalid, WrongState
from node import advocates, answers, log, neighbours, paging
from web import current
from web.schemas import neighbours as schemas
from web.schemas.form import Form, read, refused
from web.views import receipts

blueprint = Blueprint("neighbours", __name__, url_prefix="/desk/neighbours")


@blueprint.get("/")
def index() -> str:
    """List what other communities made public, or ask for a public name first."""
    return _index(Form())


def _index(form: Form) -> str:
    node, who = current.node(), current.visitor()
    if "advocate" in who.roles and not advocates.handle_of(node, by=who):
        return render_template(
            "neighbours/name.html",
            form=form,
            host=node.settings.host,
            done=request.args.get("done"),
        )
    before = request.args.get("before", type=UUID)
    lines, more = paging.cut(neighbours.every(node, by=who, before=before))
    return render_template(
        "neighbours/index.html",
        lines=lines,
        more=more,
        before=before,
        done=request.args.get("done"),
    )


@blueprint.post("/name")
def choose() -> ResponseReturnValue:
    """Give an advocate the public name they chose."""
    sent = read(schemas.PublicName, request.form)
    if not sent.good:
        return _index(sent.form), 422
    handle = sent.found["handle"].strip().removeprefix("@").lower()
    node, who = current.node(), current.visitor()
    try:
        advocates.open_actor(node, handle, sent.found["name"], by=who)
    except ChoiceInvalid as refusal:
        return _index(refused(sent.form.values, "handle", refusal)), 422
    except WrongState:
        if advocates.handle_of(node, by=who) != handle:
            raise
    return redirect("/desk/neighbours?done=named", code=303)


@blueprint.get("/name")
def name() -> ResponseReturnValue:
    """Show an advocate their public name, how to change it and how to close it."""
    if not advocates.handle_of(current.node(), by=current.visitor()):
        return redirect("/desk/neighbours", code=303)
    return _name(None)


def _name(form: Form | None) -> str:
    node = current.node()
    handle, shown = advocates.own(node, by=current.visitor())
    return render_template(
        "neighbours/own.html",
        form=form or Form({"name": shown}),
        address=f"@{handle}@{node.settings.host}",
        shown=shown,
        done=request.args.get("done"),
    )


@blueprint.post("/name/shown")
def rename() -> ResponseReturnValue:
    """Show another name with an advocate's answers."""
    sent = read(schemas.ShownName, request.form)
    if not sent.good:
        return _name(sent.form), 422
    advocates.rename(current.node(), sent.found["name"], by=current.visitor())
    return redirect("/desk/neighbours/name?done=renamed", code=303)


@blueprint.post("/name/close")
def close() -> ResponseReturnValue:
    """Close an advocate's public name for good."""
    advocates.close_actor(current.node(), by=current.visitor())
    return redirect("/desk/neighbours?done=closed", code=303)


@blueprint.get("/<uuid:chain_id>")
def show(chain_id: UUID) -> str:
    """Show one public case of another community, and what ours answered."""
    return _show(chain_id, Form())


def _show(chain_id: UUID, form: Form) -> str:
    node, who = current.node(), current.visitor()
    case = neighbours.one(node, chain_id, by=who)
    return render_template(
        "neighbours/show.html",
        case=case,
        form=form,
        address=f"@{advocates.handle_of(node, by=who)}@{node.settings.host}",
        done=request.args.get("done"),
    )


@blueprint.post("/<uuid:chain_id>")
def answer(chain_id: UUID) -> ResponseReturnValue:
    """Answer another community's case in public."""
    sent = read(schemas.Answer, request.form)
    if not sent.good:
        return _show(chain_id, sent.form), 422
    id_, text = sent.found["id"], sent.found["reply"]
    ticket = answers.answer(current.node(), chain_id, id_, text, by=current.visitor())
    log.wait(current.node(), ticket)
    return redirect(f"/desk/neighbours/{chain_id}?done=sent", code=303)


@blueprint.post("/<uuid:chain_id>/answers/<key>/stop")
def take_back(chain_id: UUID, key: str) -> ResponseReturnValue:
    """Take back what one answered."""
    node, who = current.node(), current.visitor()
    log.wait(node, answers.take_back(node, chain_id, key, by=who))
    return redirect(f"/desk/neighbours/{chain_id}?done=stopped", code=303)


@blueprint.get("/<uuid:chain_id>/bundle")
def bundle(chain_id: UUID) -> ResponseReturnValue:
    """Hand over all receipts of what ours answered in one archive."""
    raw = answers.bundle(current.node(), chain_id, by=current.visitor())
    case = f"/desk/neighbours/{chain_id}"
    return receipts.answer(case, f"{chain_id}.zip", raw, receipts.ARCHIVE)
