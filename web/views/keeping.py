"""What becomes of a case: kept, without the name, erased, or resting."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from governance.errors import AuthRequired
from governance.retention import Choice
from node import cases, keeping, log, proofs, restricting
from node.keeping import Chosen
from web import current
from web.schemas import consents as schemas
from web.schemas.form import Form, Read, read

blueprint = Blueprint("keeping", __name__)


@blueprint.get("/cases/<ref>/keep")
@current.one_look
def ask(ref: str) -> str:
    """Ask what shall become of a case, and say what does without an answer."""
    return _page(ref, Form())


@blueprint.post("/cases/<ref>/keep")
def choose(ref: str) -> ResponseReturnValue:
    """Do what the member wants."""
    sent = read(schemas.Keep, request.form)
    if not sent.good:
        return _page(ref, sent.form), 422
    wanted = Choice(sent.found["choice"])
    node, who = current.node(), current.visitor()
    files = sent.found["files"] == "yes"
    chosen = Chosen(wanted, sent.found["words"], current.source(), files)
    try:
        ticket = keeping.choose(node, ref, chosen, by=who)
    except AuthRequired:
        return _page(ref, _unproven(sent)), 422
    if ticket is not None:
        log.wait(node, ticket)
    if wanted is Choice.KEEP:
        return redirect(f"/cases/{ref}/keep?done=kept", code=303)
    return render_template(
        "cases/erased.html", reference=ref, nameless=wanted is Choice.NAMELESS
    )


@blueprint.post("/cases/<ref>/rest")
def rest(ref: str) -> ResponseReturnValue:
    """Let a case rest, or go on."""
    sent = read(schemas.Rest, request.form)
    if not sent.good:
        return _page(ref, sent.form), 422
    rests = sent.found["rest"] == "yes"
    do = restricting.restrict if rests else restricting.lift
    do(current.node(), ref, by=current.visitor())
    return redirect(f"/cases/{ref}/keep?done={'rests' if rests else 'goes'}", code=303)


def _unproven(sent: Read) -> Form:
    if current.visitor().case_id is None:
        raise AuthRequired("For this, please show once more that it is you.")
    return Form(sent.form.values, {"words": "wrong"})


def _page(ref: str, form: Form) -> str:
    node, who = current.node(), current.visitor()
    kept = keeping.show(node, ref, by=who)
    if not form.values and kept.files and kept.files.kept:
        form = Form({"files": "yes"})
    return render_template(
        "cases/keep.html",
        case=cases.view(node, ref, by=who),
        kept=kept,
        form=form,
        asks=proofs.asked(node, ref, by=who),
        done=request.args.get("done"),
    )
