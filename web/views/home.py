"""The front door, and the pages about how this place works."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from node import insights, language
from web import current, places
from web.schemas.form import Form, read
from web.schemas.home import Look, Speak

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def index() -> str:
    """Show what we do, the ways in, and the open numbers."""
    if not current.community().opened:
        return render_template("home/closed.html")
    return render_template("home/index.html", month=insights.month(current.node()))


@blueprint.get("/privacy")
def privacy() -> str:
    """Say what is kept, and who sees it."""
    return render_template("home/privacy.html")


@blueprint.get("/accessibility")
def accessibility() -> str:
    """Say what works for whom, and let people choose light or dark."""
    form = Form({"scheme": current.choice("scheme") or "auto"})
    return render_template(
        "home/accessibility.html", form=form, done=request.args.get("done")
    )


@blueprint.post("/accessibility")
def look() -> ResponseReturnValue:
    """Remember how pages shall look in this browser."""
    sent = read(Look, request.form)
    if not sent.good:
        return render_template("home/accessibility.html", form=sent.form), 422
    current.choose("scheme", sent.found["scheme"])
    return redirect("/accessibility?done=saved", code=303)


@blueprint.post("/language")
def speak() -> ResponseReturnValue:
    """Remember the language pages shall be in, and show the same page again."""
    sent = read(Speak, request.form)
    wished = language.choose([sent.form.value("lang")], current.spoken())
    if wished is not None:
        current.choose("lang", wished)
    return redirect(places.local(request.form.get("next", "")) or "/", code=303)
