"""Legal holds, for stewards: which cases are held, and holding another one."""

from datetime import UTC, datetime, time
from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from governance.errors import ChoiceInvalid, NotFound, SecondPerson
from node import holding
from web import current
from web.problems import status_of
from web.schemas import consents as schemas
from web.schemas.form import Form, read, refused

blueprint = Blueprint("holds", __name__, url_prefix="/admin/holds")


@blueprint.get("/")
def index() -> str:
    """Show what is held, and ask which case is to be held, why and until when."""
    return _page(Form())


@blueprint.post("/")
def put_up() -> ResponseReturnValue:
    """Hold a case; its member reads who did, why and until when."""
    sent = read(schemas.Hold, request.form)
    if not sent.good:
        return _page(sent.form), 422
    found, values = sent.found, sent.form.values
    end = datetime.combine(found["until"], time(), UTC)
    node, who = current.node(), current.visitor()
    try:
        holding.put_up(node, found["reference"], found["reason"], end, by=who)
    except NotFound:
        return _page(Form(values, {"reference": "found"})), 422
    except SecondPerson as refusal:
        return _page(Form(values, {"reference": "second"})), status_of(refusal.code)
    except ChoiceInvalid as refusal:
        return _page(refused(values, "until", refusal)), 422
    return redirect("/admin/holds?done=held", code=303)


@blueprint.post("/<uuid:id_>")
def answer(id_: UUID) -> ResponseReturnValue:
    """Agree to a hold as the second person, or end it."""
    agrees = request.form.get("agree") == "yes"
    act = holding.agree if agrees else holding.end
    act(current.node(), id_, by=current.visitor())
    done = "agreed" if agrees else "ended"
    return redirect(f"/admin/holds?done={done}", code=303)


def _page(form: Form) -> str:
    lines = holding.listed(current.node(), by=current.visitor())
    done = request.args.get("done")
    return render_template("cases/holds.html", form=form, lines=lines, done=done)
