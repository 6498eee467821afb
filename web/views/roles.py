"""Roles: who holds which until when; giving one, and ending one."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from governance.errors import (
    CasesLeft,
    ChoiceInvalid,
    Denied,
    NoSeat,
    OwnGrant,
    WrongState,
)
from node import areas, grants
from node.grants import Given
from node.topics import STARTER
from web import current
from web.problems import status_of
from web.schemas import roles as schemas
from web.schemas.form import Form, Read, read, refused

blueprint = Blueprint("roles", __name__, url_prefix="/admin/people")

_LISTS = ("topics", "areas", "teams", "clearance")
#: Fields of the rules that are called otherwise in the form.
_CALLED = {"person": "who"}


@blueprint.get("/")
def index() -> str:
    """Show who holds which role."""
    return _index(Form({"role": "advocate", "days": "180"}))


@blueprint.post("/")
def give() -> ResponseReturnValue:
    """Give somebody a role."""
    boxes = {name: " ".join(request.form.getlist(name)) for name in _LISTS}
    sent = read(schemas.NewRole, {**request.form, **boxes})
    if not sent.good:
        return _index(sent.form), 422
    node, who = current.node(), current.visitor()
    try:
        asked = _given(sent, grants.find(node, sent.found["who"], by=who))
        grants.give(node, asked, by=who)
    except ChoiceInvalid as refusal:
        field = str(refusal.values["field"])
        field = _CALLED.get(field, field)
        return _index(refused(sent.form.values, field, refusal)), 422
    except (OwnGrant, NoSeat, Denied) as refusal:
        form = refused(sent.form.values, "role", refusal)
        return _index(form), status_of(refusal.code)
    return redirect("/admin/people?done=given", code=303)


@blueprint.post("/<uuid:grant_id>/end")
def end(grant_id: UUID) -> ResponseReturnValue:
    """End a role before its time."""
    try:
        grants.end(current.node(), grant_id, by=current.visitor())
    except (CasesLeft, WrongState) as refusal:
        return _index(refused({}, "held", refusal)), status_of(refusal.code)
    return redirect("/admin/people?done=ended", code=303)


def _given(sent: Read, person: UUID) -> Given:
    found = sent.found
    return Given(
        person=person,
        role=found["role"],
        days=int(found["days"]),
        topics=found["topics"].split(),
        areas=found["areas"].split(),
        teams=[_uuid(one) for one in found["teams"].split()],
        clearance=found["clearance"].split(),
    )


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise ChoiceInvalid("Choose from the list.", field="teams") from error


def _index(form: Form) -> str:
    node = current.node()
    return render_template(
        "roles/index.html",
        form=form,
        board=grants.board(node, by=current.visitor()),
        areas=[(area.code, area.name) for area in areas.every(node)],
        topics=STARTER,
        days=schemas.DAYS,
        done=request.args.get("done", ""),
    )
