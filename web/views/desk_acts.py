"""What the desk does to a case besides writing: one form for each act."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from governance.cases import Act
from governance.errors import Invalid, NotFound
from node import acting, cases, log, resolutions
from node.threads import Words
from web import case_pages, current
from web.problems import OVERTAKEN, status_of
from web.schemas import desk_acts as schemas
from web.schemas.form import Form, overtaken, read, refused

blueprint = Blueprint("desk_acts", __name__, url_prefix="/desk")

#: Where the page of a case that is out of one's hands leads.
_GONE = {Act.RELEASE: "/desk?done=released"}


@blueprint.post("/cases/<ref>/do/<act>")
def do(ref: str, act: str) -> ResponseReturnValue:
    """Do one act to a case."""
    form = schemas.FORMS.get(Act(act)) if act in set(Act) else None
    if form is None:
        raise NotFound("There is no such act here.")
    what, who = Act(act), current.visitor()
    sent = read(form.schema, request.form)
    if not sent.good:
        return _again(ref, sent.form), 422
    fields, names = form.fields(sent.found), list(form.names)
    try:
        ticket = acting.act(current.node(), ref, what, fields, by=who)
    except Invalid as refusal:
        return _again(ref, refused(sent.form.values, _first(names), refusal)), 422
    except OVERTAKEN as refusal:
        case = cases.view(current.node(), ref, by=who)
        there = set(names) if what in case.acts else set()
        kept = overtaken(sent.form.values, names or ["main"], refusal, there)
        return _again(ref, kept), status_of(refusal.code)
    log.wait(current.node(), ticket)
    where = _GONE.get(what, f"/desk/cases/{ref}?done={act}")
    return redirect(where, code=303)


def _first(names: list[str]) -> str:
    return names[0] if names else "main"


@blueprint.post("/cases/<ref>/second")
def second(ref: str) -> ResponseReturnValue:
    """Say, as the second person, yes or no to what somebody proposed."""
    found, who = schemas.Second().load(request.form), current.visitor()
    if found["agree"] == "no":
        resolutions.disagree(current.node(), ref, found["proposal"], by=who)
        return redirect(f"/desk/cases/{ref}?done=disagreed", code=303)
    ticket = resolutions.agree(current.node(), ref, found["proposal"], by=who)
    log.wait(current.node(), ticket)
    return redirect(f"/desk/cases/{ref}?done=agreed", code=303)


@blueprint.post("/cases/<ref>/now")
def now(ref: str) -> ResponseReturnValue:
    """Take a question, and answer it at once."""
    sent = read(schemas.Now, request.form)
    if not sent.good:
        return _again(ref, sent.form), 422
    words, who = Words(sent.found["id"], sent.found["now"]), current.visitor()
    try:
        written = resolutions.answer_now(current.node(), ref, words, by=who)
    except OVERTAKEN as refusal:
        kept = overtaken(sent.form.values, ["now"], refusal, set())
        return _again(ref, kept), status_of(refusal.code)
    log.wait(current.node(), written.ticket)
    return redirect(f"/desk/cases/{ref}?done=resolved", code=303)


def _again(ref: str, form: Form) -> str:
    case = cases.view(current.node(), ref, by=current.visitor())
    return case_pages.desk(case, form)


@blueprint.get("/aside")
def aside() -> str:
    """Show what was put aside, and waits for somebody else to look at it."""
    found = cases.set_aside(current.node(), by=current.visitor())
    done = request.args.get("done", "")
    return render_template("desk/aside.html", lines=found, done=done)


@blueprint.post("/aside")
def look() -> ResponseReturnValue:
    """Agree, as the second person, that something is no case."""
    sent, who = schemas.Aside().load(request.form), current.visitor()
    cases.seen(current.node(), sent["ref"], sent["proposal"], by=who)
    return redirect("/desk/aside?done=seen", code=303)
