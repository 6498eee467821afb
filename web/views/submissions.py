"""Telling us something: five steps, each of which can be changed until the end."""

from dataclasses import replace
from http import HTTPStatus

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from governance.errors import Invalid, LinkInvalid, NotFound, Throttled
from node import areas, cases, files, intake, log, submissions
from web import authoring, current, drafts, pages, uploads
from web.drafts import LAST, Draft
from web.problems import status_of
from web.schemas.form import Form, refused
from web.views import receipts

blueprint = Blueprint("submissions", __name__)

#: Chosen before anybody chooses: what costs nothing to be wrong about.
_FIRST = {"cost": "none"}
#: At which step, and which field, the rules find something wrong.
_FIELDS = {
    "invalid.contact": (3, "contact"),
    "invalid.value": (1, "amount"),
    "invalid.choice": (2, "area"),
}
_FILES = (1, uploads.FIELD)
_STORY = (1, "text")
_ENDED = "This link has ended. Links like it work once, for a day."
#: The field that is named when the whole page is what is wrong.
_WHOLE = {1: "text", 2: "place", 3: "reach", 4: "audience", LAST: "send"}


@blueprint.get("/tell")
def begin() -> ResponseReturnValue:
    """Lead to the first step."""
    return redirect("/tell/1", code=303)


@blueprint.get("/tell/<int:step>")
def show(step: int) -> ResponseReturnValue:
    """Show one step, or the first one that is not done yet."""
    _require(step)
    draft = drafts.load()
    reached = drafts.reached(draft)
    if step > reached:
        return redirect(f"/tell/{reached}", code=303)
    return _page(step, draft, Form({**_FIRST, **draft}))


@blueprint.post("/tell/<int:step>")
def save(step: int) -> ResponseReturnValue:
    """Keep what was typed at one step, and go on, back, or away for now."""
    _require(step)
    typed, go = request.form.to_dict(), request.form.get("go", "on")
    typed.pop("drop", None)
    before, unfit = drafts.load(), None
    try:
        # What is typed is counted first: strangers bring only so many files an hour.
        draft = drafts.keep(before, step, typed)
        if step == 1:
            draft, unfit = _bring(draft)
    except Throttled as refusal:
        return _too_often(step, before, typed, refusal)
    if unfit is not None:
        form = refused({**draft, **drafts.own(step, typed)}, uploads.FIELD, unfit)
        return _page(step, draft, form), 422
    if go != "on":
        way = "later" if go == "later" else drafts.before(step)
        return redirect(f"/tell/{way}", code=303)
    if step > drafts.reached(draft):
        return redirect(f"/tell/{drafts.reached(draft)}", code=303)
    if drafts.late() or request.form.get("website"):
        values = {**draft, **drafts.own(step, typed)}
        return _page(step, draft, Form(values, {_WHOLE[step]: "late"})), 422
    return _send(draft) if step == LAST else _go_on(step, draft, typed)


def _bring(draft: Draft) -> tuple[Draft, Invalid | None]:
    try:
        brought = drafts.bring(draft, request.form.getlist("drop"))
    except Invalid as refusal:
        return draft, refusal
    return (drafts.keep(brought, 1, {}) if brought != draft else draft), None


def _go_on(step: int, draft: Draft, typed: Draft) -> ResponseReturnValue:
    sent = drafts.look(step, typed)
    if not sent.good:
        return _page(step, draft, sent.form), 422
    return redirect(f"/tell/{drafts.after(step)}", code=303)


def _too_often(
    step: int, draft: Draft, typed: Draft, refusal: Throttled
) -> ResponseReturnValue:
    if step > drafts.reached(draft):
        raise refusal  # The page that says so shows what was typed as well.
    form = refused({**draft, **drafts.own(step, typed)}, _WHOLE[step], refusal)
    again = {"Retry-After": str(refusal.retry_after)}
    return _page(step, draft, form), HTTPStatus.TOO_MANY_REQUESTS, again


def _require(step: int) -> None:
    if step not in drafts.steps():
        raise NotFound("There is no such step.")


def _send(draft: Draft) -> ResponseReturnValue:
    who = current.visitor()
    try:
        told = replace(drafts.told(draft), authored=authoring.of_form(request.form))
        sent = submissions.submit(current.node(), told, by=who)
    except Invalid as refusal:
        unfit = uploads.is_about(refusal)
        step, name = _FILES if unfit else _FIELDS.get(refusal.code, _STORY)
        return _page(step, draft, refused(draft, name, refusal)), 422
    except authoring.REFUSED as refusal:
        form = Form(draft, {_WHOLE[LAST]: "signed"})
        return _page(LAST, draft, form, alone=True), status_of(refusal.code)
    log.wait(current.node(), sent.ticket)
    drafts.drop()
    if who.account_id is None:
        current.open_case(cases.open_link(current.node(), sent.link_token))
    return redirect(f"/receipt/{receipts.keep(sent)}", code=303)


def _page(step: int, draft: Draft, form: Form, *, alone: bool = False) -> str:
    # `alone`: what was signed is refused, so the words are sent by themselves.
    steps = drafts.steps()
    told = drafts.told(draft) if step == LAST else None
    places = [(area.code, area.name) for area in areas.every(current.node())]
    return render_template(
        f"submissions/step{step}.html",
        step=steps.index(step) + 1,
        steps=len(steps),
        form=form,
        started=bool(draft),
        files=files.unpacked(draft.get(uploads.FIELD, "")),
        moved=len(draft) > 0 and not form.errors,
        areas=places,
        area=dict(places).get(draft.get("area", ""), ""),
        currencies=pages.moments().currencies(),
        wording=intake.WORDING,
        known=len(steps) < LAST,
        told=told,
        asked=authoring.new_case(told.text) if told and not alone else None,
    )


@blueprint.get("/tell/later")
def later() -> ResponseReturnValue:
    """Give the link that opens what was typed again."""
    draft = drafts.load()
    if not draft:
        return redirect("/tell/1", code=303)
    link = current.url(f"/tell/resume/{current.pending(drafts.KIND)}")
    until = drafts.kept_until(draft)
    return render_template("submissions/later.html", link=link, until=until)


@blueprint.get("/tell/resume/<token>")
def resume(token: str) -> str:
    """Ask whether this browser shall go on with what was typed before."""
    if not drafts.waits(token):
        raise LinkInvalid(_ENDED)
    return render_template(
        "submissions/resume.html", replaces=drafts.replaces(token), token=token
    )


@blueprint.post("/tell/resume/<token>")
def take_over(token: str) -> ResponseReturnValue:
    """Go on with it in this browser, and nowhere else."""
    if not drafts.take_over(token):
        raise LinkInvalid(_ENDED)
    return redirect("/tell/1", code=303)
