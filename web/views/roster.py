"""Who is on call, for those who share out cases; when nobody is, in words."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from governance.errors import ChoiceInvalid
from governance.roster import Turn
from node import roster
from web import current
from web.schemas import roster as schemas
from web.schemas.form import Form, Read, read, refused
from web.typed import here, typed_moment

blueprint = Blueprint("roster", __name__, url_prefix="/admin/roster")


@blueprint.get("/")
def index() -> str:
    """Show who is on call in the coming days."""
    return _index(Form({"rank": schemas.PLACES[0]}))


@blueprint.post("/")
def put() -> ResponseReturnValue:
    """Put somebody on call."""
    sent = read(schemas.Turn, request.form)
    if not sent.good:
        return _index(sent.form), 422
    try:
        roster.put(current.node(), _asked(sent), by=current.visitor())
    except ChoiceInvalid as refusal:
        field = str(refusal.values["field"])
        return _index(refused(sent.form.values, field, refusal)), 422
    return redirect("/admin/roster?done=put", code=303)


@blueprint.post("/<uuid:turn_id>/out")
def remove(turn_id: UUID) -> ResponseReturnValue:
    """Take somebody's turn out."""
    roster.remove(current.node(), turn_id, by=current.visitor())
    return redirect("/admin/roster?done=out", code=303)


def _asked(sent: Read) -> Turn:
    found = sent.found
    return Turn(
        person=found["person"],
        from_at=typed_moment(found["first"], "first"),
        until_at=typed_moment(found["until"], "until"),
        rank=int(found["rank"]),
        team=_team(found["team"]),
    )


def _team(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise ChoiceInvalid("Choose a team from the list.", field="team") from error


def _index(form: Form) -> str:
    return render_template(
        "roster/index.html",
        form=form,
        board=roster.board(current.node(), by=current.visitor()),
        places=schemas.PLACES,
        zone=here().key,
        done=request.args.get("done", ""),
    )
