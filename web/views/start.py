"""The one page that opens a new node's doors, once."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from governance.errors import Invalid, LinkInvalid
from node import start
from web import current
from web.schemas import start as schemas
from web.schemas.form import Form, read, refused

blueprint = Blueprint("start", __name__)

#: Which field the rules mean when they name a place in the answers.
_FIELDS = {
    "community.slug": "slug",
    "community.zone": "zone",
    "community.language": "language",
    "community.name": "name",
    "contact.mail": "mail",
    "steward.mail": "contact",
    "steward.name": "steward",
}


@blueprint.get("/setup/<token>")
def show(token: str) -> ResponseReturnValue:
    """Ask what a new community needs to say, while this address opens anything."""
    if not start.peek(current.node(), token):
        return render_template("start/gone.html"), 410
    return _page(Form({"language": current.language(), "zone": "Europe/London"}))


@blueprint.post("/setup/<token>")
def open_doors(token: str) -> ResponseReturnValue:
    """Open the doors and let the first steward in."""
    sent = read(schemas.Setup, request.form)
    if not sent.good:
        return _page(sent.form), 422
    answers = schemas.answers(sent.found)
    try:
        signed_in = start.open_doors(current.node(), token, answers)
    except LinkInvalid:
        return render_template("start/gone.html"), 410
    except Invalid as refusal:
        named = refusal.reason.partition(":")[0]
        name = _FIELDS.get(named, "areas" if named.startswith("areas") else "contact")
        return _page(refused(sent.form.values, name, refusal)), 422
    current.sign_in(signed_in)
    return redirect("/me?done=opened", code=303)


def _page(form: Form) -> str:
    spoken = current.spoken().values()
    return render_template(
        "start/setup.html",
        form=form,
        spoken=[(it.tag, it.name) for it in spoken],
        mails=current.node().mail is not None,
    )
