"""One's own absences: who stands in, and when one can be asked at all."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from governance.errors import Invalid
from node import absences, areas, roster
from node.absences import Asked, Work
from node.topics import STARTER
from web import current
from web.schemas import absences as schemas
from web.schemas.form import Form, Read, read, refused
from web.schemas.roster import Offer

blueprint = Blueprint("absences", __name__, url_prefix="/me/absences")

#: Where the rules say what a form has in several fields.
_CALLED = {"deputies": schemas.DEPUTIES[0], "shifts": schemas.DAYS[0]}


@blueprint.get("/")
def index() -> str:
    """Show one's own absences and hours."""
    return _index(Form())


@blueprint.post("/")
def say() -> ResponseReturnValue:
    """Write down that one is away."""
    sent = read(schemas.Away, request.form)
    if not sent.good:
        return _index(sent.form), 422
    try:
        absences.say(current.node(), _asked(sent), by=current.visitor())
    except Invalid as refusal:
        return _index(_refused(sent, refusal)), 422
    return redirect("/me/absences?done=said", code=303)


@blueprint.post("/<uuid:absence_id>/end")
def end(absence_id: UUID) -> ResponseReturnValue:
    """Take an absence back, or be back before its end."""
    absences.call_off(current.node(), absence_id, by=current.visitor())
    return redirect("/me/absences?done=back", code=303)


@blueprint.post("/turns/<uuid:turn_id>/offer")
def offer(turn_id: UUID) -> ResponseReturnValue:
    """Look for somebody who takes one's turn over, or keep it after all."""
    sent = read(Offer, request.form)
    if not sent.good:
        return _index(sent.form), 422
    wanted = sent.found["wanted"] == "yes"
    roster.offer(current.node(), turn_id, by=current.visitor(), wanted=wanted)
    return redirect("/me/absences?done=saved#turns", code=303)


@blueprint.post("/turns/<uuid:turn_id>/take")
def take(turn_id: UUID) -> ResponseReturnValue:
    """Take over a turn that somebody offered."""
    try:
        roster.take(current.node(), turn_id, by=current.visitor())
    except Invalid as refusal:
        return _index(refused({}, "turns", refusal)), 422
    return redirect("/me/absences?done=taken#turns", code=303)


@blueprint.post("/hours")
def hours() -> ResponseReturnValue:
    """Keep one's own hours, and how much one can take."""
    skills = " ".join(request.form.getlist("skills"))
    sent = read(schemas.Work, {**request.form, "skills": skills})
    if not sent.good:
        return _index(sent.form), 422
    try:
        absences.save(current.node(), _work(sent), by=current.visitor())
    except Invalid as refusal:
        return _index(_refused(sent, refusal)), 422
    return redirect("/me/absences?done=saved", code=303)


def _asked(sent: Read) -> Asked:
    found = sent.found
    named = [found[name] for name in schemas.DEPUTIES if found[name]]
    return Asked(
        first=found["first"], last=found["last"], deputies=[_uuid(it) for it in named]
    )


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)  # nobody: refused as any other who is not in the list


def _work(sent: Read) -> Work:
    found = sent.found
    return Work(
        languages=found["languages"].split(),
        skills=found["skills"].split(),
        area=found["area"] or None,
        capacity=int(found["capacity"]) if found["capacity"].strip() else None,
        shifts=[
            one
            for number, day in enumerate(schemas.DAYS)
            for one in schemas.read_hours(number, found[day])
        ],
    )


def _refused(sent: Read, refusal: Invalid) -> Form:
    field = str(refusal.values.get("field", ""))
    if refusal.code == "invalid.language":
        field = "languages"
    name = _CALLED.get(field, field or schemas.DAYS[0])
    return refused(sent.form.values, name, refusal)


def _index(form: Form) -> str:
    node, who = current.node(), current.visitor()
    said = absences.work(node, by=who)
    kept = {
        "languages": " ".join(said.languages),
        "skills": " ".join(said.skills),
        "area": said.area or "",
        "capacity": "" if said.capacity is None else str(said.capacity),
        **{
            day: schemas.said_hours(said.shifts, number)
            for number, day in enumerate(schemas.DAYS)
        },
    }
    form = Form({**kept, **form.values}, form.errors, form.sentences)
    return render_template(
        "absences/index.html",
        form=form,
        mine=absences.mine(node, by=who),
        areas=[(area.code, area.name) for area in areas.every(node)],
        topics=STARTER,
        done=request.args.get("done", ""),
    )
