"""The desk: what waits, the next case, and triage.

One case has its own file, `desk_cases`.
"""

from dataclasses import replace
from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from governance.cases import DeadlineSource, Kind, Priority, Sensitivity
from governance.errors import ChoiceInvalid, Invalid, LanguageInvalid
from governance.rubric import Finding
from governance.tags import BETWEEN
from node import areas, assignments, bonds, cases, log, splitting
from node.cases import TriageChoice, TriageItem
from node.paging import MANY
from node.topics import STARTER
from web import current
from web.problems import OVERTAKEN, status_of
from web.schemas import desk as schemas
from web.schemas.form import Form, Read, as_day, read, refused

blueprint = Blueprint("desk", __name__, url_prefix="/desk")


@blueprint.get("/")
@current.one_look
def index() -> str:
    """Show what lies on the desk, by next promise."""
    node, who = current.node(), current.visitor()
    after = assignments.Place.read(request.args.get("after", ""))
    desk = assignments.desk(node, by=who, after=after)
    return render_template(
        "desk/index.html",
        desk=desk,
        after=after,
        many=MANY,
        done=request.args.get("done"),
    )


@blueprint.post("/take")
def take() -> ResponseReturnValue:
    """Take the case that is next in the queue."""
    id_ = schemas.Take().load(request.form)["id"]
    reference = assignments.take_next(current.node(), by=current.visitor(), id=id_)
    if reference is None:
        return redirect("/desk?done=empty", code=303)
    return redirect(f"/desk/cases/{reference}?done=taken", code=303)


@blueprint.get("/triage")
@current.one_look
def triage() -> str:
    """Show the case that has waited longest to be read, without its person."""
    return _triage()


@blueprint.post("/triage")
def sort() -> ResponseReturnValue:
    """Put a case into the queue, and show the next one."""
    sent = read(schemas.Triage, request.form)
    if not sent.good:
        return triage_again(sent.form), 422
    reference = sent.found["ref"]
    try:
        ticket = cases.triage(
            current.node(), reference, choice(sent), by=current.visitor()
        )
    except Invalid as refusal:
        at = "language" if isinstance(refusal, LanguageInvalid) else "area"
        where = str(refusal.values.get("field", at))
        return triage_again(refused(sent.form.values, where, refusal)), 422
    except OVERTAKEN as refusal:
        form = refused(sent.form.values, "kind", refusal)
        return triage_again(form), status_of(refusal.code)
    log.wait(current.node(), ticket)
    return redirect("/desk/triage?done=saved", code=303)


@blueprint.post("/triage/discard")
def discard() -> ResponseReturnValue:
    """Put aside what is no case, and show the next one."""
    sent = read(schemas.Discard, request.form)
    if not sent.good:
        return triage_again(sent.form), 422
    why, ref = sent.found["discard"], sent.found["ref"]
    try:
        ticket = cases.discard(current.node(), ref, why, by=current.visitor())
    except OVERTAKEN as refusal:
        form = refused(sent.form.values, "discard", refusal)
        return triage_again(form), status_of(refusal.code)
    log.wait(current.node(), ticket)
    return redirect("/desk/triage?done=discarded", code=303)


def choice(sent: Read) -> TriageChoice:
    """Return what a form of triage chose."""
    found, source = sent.found, sent.found["deadline_source"]
    urgent = found["danger"] == "yes"
    ticked = frozenset(one for one in Finding if found[one] == "yes")
    return TriageChoice(
        kind=Kind(found["kind"]),
        topic=found["topic"],
        priority=Priority.URGENT if urgent else Priority(found["priority"]),
        area=found["area"] if found["area"] not in {"", "none"} else None,
        reason=found["reason"],
        found=ticked,
        deadline_on=as_day(found["deadline_on"]),
        deadline_source=DeadlineSource(source) if source else None,
        language=found["language"].strip(),
        sensitivity=Sensitivity(found["sensitivity"]),
        team=_team_id(found["team"]),
        rule=found["rule"],
        tags=tuple(found["tags"].split(BETWEEN)),
    )


def _team_id(typed: str) -> UUID | None:
    try:
        return UUID(typed) if typed else None
    except ValueError as error:
        raise ChoiceInvalid("Choose a team from the list.", field="team") from error


def triage_again(form: Form) -> str:
    """Show triage once more, with what was wrong with what was sent."""
    # What was chosen for one case is never shown as a choice for another.
    item = cases.triage_next(current.node(), by=current.visitor())
    if item is None or item.reference != form.value("ref"):
        return _shown(item, Form(), "gone")
    return _shown(item, form)


def _triage() -> str:
    item = cases.triage_next(current.node(), by=current.visitor())
    return _shown(item, _suggested(item), request.args.get("done"))


def _suggested(item: TriageItem | None) -> Form:
    """Return the form with what a rule suggests, once somebody takes it over."""
    found = item and item.suggestion
    asked = request.args.get("rule"), request.args.get("ref")
    if not item or not found or asked != (found.rule, item.reference):
        return Form()
    return Form({"topic": found.topic, "kind": found.kind.value, "rule": found.rule})


def _shown(item: TriageItem | None, form: Form, done: str | None = None) -> str:
    known = {area.code: area.name for area in areas.every(current.node())}
    if item is not None and "area" not in form.values:
        known_so_far = {
            "topic": item.topic,
            "area": item.area or "none",
            "language": item.language,
            "sensitivity": "normal",
        }
        form = replace(form, values={**known_so_far, **form.values})
    return render_template(
        "desk/triage.html",
        item=item,
        form=form,
        topics=STARTER,
        areas=list(known.items()),
        area=known.get((item and item.area) or "", ""),
        doubles=_doubles(item),
        parted=_parted(item),
        done=done,
        many=MANY,
    )


def _doubles(item: TriageItem | None) -> tuple[bonds.Double, ...]:
    if item is None:
        return ()
    node, who, ref = current.node(), current.visitor(), item.reference
    linked = {one.reference for one in bonds.bonds_of(node, ref, by=who)}
    found = bonds.doubles(node, ref, by=who)
    return tuple(one for one in found if one.reference not in linked)


def _parted(item: TriageItem | None) -> splitting.Parts:
    if item is None:
        return splitting.Parts()
    node, who = current.node(), current.visitor()
    return splitting.parts_of(node, item.reference, by=who)
