"""Teams, for those who share out cases: who is in one, and how cases go on there."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from governance.assignments import Method
from governance.errors import ChoiceInvalid
from governance.methods import METHODS
from node import areas, teams
from node.teams import Described, Place
from node.topics import STARTER
from web import current
from web.schemas import teams as schemas
from web.schemas.form import Form, Read, read, refused

blueprint = Blueprint("teams", __name__, url_prefix="/admin/teams")

_LISTS = ("topics", "areas")


@blueprint.get("/")
def index() -> str:
    """Show every team."""
    return _index(Form({"method": Method.TAKE_NEXT.value}))


@blueprint.post("/")
def create() -> ResponseReturnValue:
    """Make a team."""
    sent = _sent()
    if not sent.good:
        return _index(sent.form), 422
    try:
        made = teams.create(current.node(), _described(sent), by=current.visitor())
    except ChoiceInvalid as refusal:
        return _index(_refused(sent, refusal)), 422
    return redirect(f"/admin/teams/{made}?done=created", code=303)


@blueprint.get("/<uuid:team_id>")
def show(team_id: UUID) -> str:
    """Show one team."""
    return _show(team_id, Form())


@blueprint.post("/<uuid:team_id>")
def edit(team_id: UUID) -> ResponseReturnValue:
    """Change what a team is for, and how cases go on in it."""
    sent = _sent()
    if not sent.good:
        return _show(team_id, sent.form), 422
    try:
        teams.edit(current.node(), team_id, _described(sent), by=current.visitor())
    except ChoiceInvalid as refusal:
        return _show(team_id, _refused(sent, refusal)), 422
    return redirect(f"/admin/teams/{team_id}?done=saved", code=303)


@blueprint.post("/<uuid:team_id>/people")
def place(team_id: UUID) -> ResponseReturnValue:
    """Put somebody into a team, or take them out."""
    sent = read(schemas.Seat, request.form)
    if not sent.good:
        return _show(team_id, sent.form), 422
    who, typed = sent.found["person"], sent.found["place"]
    where = None if typed == schemas.OUT else Place(typed)
    try:
        teams.place(current.node(), team_id, who, where, by=current.visitor())
    except ChoiceInvalid as refusal:
        return _show(team_id, refused(sent.form.values, "person", refusal)), 422
    return redirect(f"/admin/teams/{team_id}?done=placed", code=303)


@blueprint.post("/<uuid:team_id>/close")
def close(team_id: UUID) -> ResponseReturnValue:
    """Let no new case come to a team."""
    teams.close(current.node(), team_id, by=current.visitor())
    return redirect(f"/admin/teams/{team_id}?done=closed", code=303)


def _sent() -> Read:
    # A list of boxes comes as one field, with the codes that were ticked.
    boxes = {name: " ".join(request.form.getlist(name)) for name in _LISTS}
    return read(schemas.Team, {**request.form, **boxes})


def _described(sent: Read) -> Described:
    found = sent.found
    return Described(
        name=found["name"],
        method=Method(found["method"]),
        topics=found["topics"].split(),
        areas=found["areas"].split(),
    )


def _refused(sent: Read, refusal: ChoiceInvalid) -> Form:
    return refused(sent.form.values, str(refusal.values["field"]), refusal)


def _index(form: Form) -> str:
    node, who = current.node(), current.visitor()
    return render_template(
        "teams/index.html", form=form, teams=teams.every(node, by=who), **_choices()
    )


def _show(team_id: UUID, form: Form) -> str:
    node, who = current.node(), current.visitor()
    team = teams.show(node, team_id, by=who)
    if "name" not in form.values:
        kept = {
            "name": team.name,
            "method": team.method.value,
            "topics": " ".join(team.topics),
            "areas": " ".join(team.areas),
        }
        form = Form({**kept, **form.values}, form.errors, form.sentences)
    return render_template(
        "teams/show.html",
        form=form,
        team=team,
        people=[(str(one.id), one.name) for one in teams.staff(node, by=who)],
        done=request.args.get("done"),
        **_choices(),
    )


def _choices() -> dict[str, object]:
    known = [(area.code, area.name) for area in areas.every(current.node())]
    return {"methods": METHODS, "topics": STARTER, "areas": known}
