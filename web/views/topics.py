"""Topics, for those who share out cases: what waits in each, and who takes it."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from governance.errors import ChoiceInvalid
from node import teams, topics_desk
from web import current
from web.schemas import topics as schemas
from web.schemas.form import Form, refused

blueprint = Blueprint("topics", __name__, url_prefix="/admin/topics")


@blueprint.get("/")
def index() -> str:
    """Show every topic."""
    found = topics_desk.every(current.node(), by=current.visitor())
    return render_template("topics/index.html", found=found)


@blueprint.get("/<code>")
def show(code: str) -> str:
    """Show one topic, and which teams take it."""
    return _show(code, Form())


@blueprint.post("/<code>")
def choose(code: str) -> ResponseReturnValue:
    """Let the teams that were ticked take a topic, and no other."""
    ticked = request.form.getlist("teams")
    try:
        teams.choose(current.node(), code, _ids(ticked), by=current.visitor())
    except ChoiceInvalid as refusal:
        return _show(code, refused({"teams": " ".join(ticked)}, "teams", refusal)), 422
    return redirect(f"/admin/topics/{code}?done=saved", code=303)


def _ids(ticked: list[str]) -> list[UUID]:
    try:
        return list(schemas.Takers().load({"teams": ticked})["teams"])
    except ValidationError as problem:
        raise ChoiceInvalid("Choose from the list.", field="teams") from problem


def _show(code: str, form: Form) -> str:
    line = topics_desk.one(current.node(), code, by=current.visitor())
    if "teams" not in form.values:
        form = Form({"teams": " ".join(str(it.id) for it in line.teams)})
    done = request.args.get("done", "")
    return render_template("topics/show.html", it=line, form=form, done=done)
