"""A case, as the person it is about meets it; and the ways to open it.

Whoever works at the desk is led to the desk's side of the same case.
"""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from governance.cases import Act, Outcome, Part
from governance.errors import Invalid, NotFound, Refusal, WrongState
from governance.resolutions import EFFECTS, Answer
from governance.threads import OPEN
from node import cases, log, publications, resolutions, threads, together
from node.log import Ticket
from node.threads import Words
from web import authoring, case_pages, current, drafts, uploads
from web.counts import COUNT
from web.problems import OVERTAKEN, status_of
from web.schemas import cases as schemas
from web.schemas.form import Form, Read, overtaken, read, refused
from web.views import receipts

blueprint = Blueprint("cases", __name__)


@blueprint.get("/track")
def track() -> str:
    """Ask for a reference and its four words."""
    return _track(Form())


@blueprint.post("/track")
def find() -> ResponseReturnValue:
    """Open a case by its reference and words; every miss is answered alike."""
    sent = read(schemas.Track, request.form)
    if drafts.late():
        return _track(Form(sent.form.values, {"reference": "late"})), 422
    if not sent.good:
        return _track(sent.form), 422
    reference, words = sent.found["reference"], sent.found["words"]
    try:
        link = cases.find(current.node(), reference, words, source=current.source())
    except NotFound:
        return _track(Form(sent.form.values, {"reference": "found"})), 422
    return _open(link)


def _track(form: Form) -> str:
    example = f"{current.community().prefix}-7KQ2M8V"
    return render_template("cases/track.html", form=form, example=example)


@blueprint.get("/c/<token>")
def link(token: str) -> ResponseReturnValue:
    """Open the one case a link is about, and leave the link behind."""
    return _open(token)


def _open(token: str) -> ResponseReturnValue:
    opened = cases.open_link(current.node(), token)
    current.open_case(opened)
    response = redirect(f"/cases/{opened.reference}", code=303)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@blueprint.get("/cases/<ref>")
@current.one_look
def show(ref: str) -> ResponseReturnValue:
    """Show where a case stands, what happened, and who can see it."""
    case = cases.view(current.node(), ref, by=current.visitor())
    if case.part is not Part.MEMBER:
        return redirect(f"/desk/cases/{case.reference}", code=303)
    return case_pages.member(case, Form())


@blueprint.post("/cases/<ref>/messages")
def write(ref: str) -> ResponseReturnValue:
    """Add the member's words to their case."""
    sent = read(schemas.Write, request.form)
    if not sent.good:
        return _again(ref, sent)
    try:
        signed = authoring.of_form(sent.found)
        text, brought = sent.found["write"], uploads.of_form()
        words = Words(sent.found["id"], text, authored=signed, files=brought)
        written = threads.write(current.node(), ref, words, by=current.visitor())
    except OVERTAKEN as refusal:
        return _overtaken(ref, sent, "write", refusal)
    except Invalid as refusal:
        return _unfit(ref, sent, refusal)
    except authoring.REFUSED as refusal:
        case = cases.view(current.node(), ref, by=current.visitor())
        form = Form(sent.form.values, {"write": "signed"})
        return case_pages.member(case, form, alone=True), status_of(refusal.code)
    return _back(ref, "written", written.ticket)


@blueprint.post("/cases/<ref>/answer")
def answer(ref: str) -> ResponseReturnValue:
    """Write down whether it is solved."""
    sent = read(schemas.Decide, request.form)
    if not sent.good:
        return _again(ref, sent)
    said, who, words = Answer(sent.found["answer"]), current.visitor(), _more(sent)
    try:
        ticket = resolutions.answer(current.node(), ref, said, by=who, words=words)
    except OVERTAKEN as refusal:
        if words is None and _stands(ref, EFFECTS[said][1]):
            return _done(ref, "answered")
        return _overtaken(ref, sent, "reason", refusal)
    return _back(ref, "answered", ticket)


@blueprint.post("/cases/<ref>/reopen")
def reopen(ref: str) -> ResponseReturnValue:
    """Bring a closed case back, or appeal against how it ended."""
    sent = read(schemas.Reopen, request.form)
    if not sent.good:
        return _again(ref, sent)
    who, appeals = current.visitor(), sent.found["how"] == "appeal"
    bring_back = resolutions.appeal if appeals else resolutions.reopen
    try:
        ticket = bring_back(current.node(), ref, by=who, words=_more(sent))
    except OVERTAKEN as refusal:
        return _overtaken(ref, sent, "reason", refusal)
    return _back(ref, "appealed" if appeals else "reopened", ticket)


@blueprint.post("/cases/<ref>/restore")
def restore(ref: str) -> ResponseReturnValue:
    """Bring back what was put aside."""
    ticket = cases.restore(current.node(), ref, by=current.visitor())
    return _back(ref, "restored", ticket)


def _more(sent: Read) -> Words | None:
    text = sent.found["reason"]
    return Words(sent.found["id"], text) if text.strip() else None


@blueprint.get("/cases/<ref>/withdraw")
@current.one_look
def leave(ref: str) -> str:
    """Ask whether the case shall really be taken back."""
    node, who = current.node(), current.visitor()
    case = cases.view(node, ref, by=who)
    shown = publications.shown(node, ref, by=who)
    public = shown is not None and shown.ended_at is None
    others = together.look(node, ref, by=who).others
    page = "cases/withdraw.html"
    return render_template(page, case=case, public=public, others=others)


@blueprint.post("/cases/<ref>/withdraw")
def withdraw(ref: str) -> ResponseReturnValue:
    """Take a case back."""
    try:
        ticket = cases.withdraw(current.node(), ref, by=current.visitor())
    except WrongState:
        if _stands(ref, Outcome.WITHDRAWN):
            return _done(ref, "withdrawn")
        raise
    gone = _stands(ref, Outcome.WITHDRAWN)
    return _back(ref, "withdrawn" if gone else "left", ticket)


@blueprint.get(f"/cases/<ref>/receipts/<{COUNT}:seq>")
def receipt(ref: str, seq: int) -> ResponseReturnValue:
    """Hand over the receipt of one entry as a file."""
    raw = cases.receipt(current.node(), ref, seq, by=current.visitor())
    return receipts.answer(f"/cases/{ref}", f"{ref}-{seq}.tlog-proof", raw)


def _again(ref: str, sent: Read) -> ResponseReturnValue:
    case = cases.view(current.node(), ref, by=current.visitor())
    return case_pages.member(case, sent.form), 422


def _unfit(ref: str, sent: Read, refusal: Invalid) -> ResponseReturnValue:
    if not uploads.is_about(refusal):
        raise refusal
    case = cases.view(current.node(), ref, by=current.visitor())
    form = refused(sent.form.values, uploads.FIELD, refusal)
    return case_pages.member(case, form), 422


def _overtaken(ref: str, sent: Read, name: str, no: Refusal) -> ResponseReturnValue:
    case = cases.view(current.node(), ref, by=current.visitor())
    asked = Act.CONFIRM in case.acts
    there = {"reason"} if asked or case.may_reopen else set()
    if case.state in OPEN and not asked:
        there.add("write")
    form = overtaken(sent.form.values, [name], no, there)
    return case_pages.member(case, form), status_of(no.code)


def _stands(ref: str, outcome: Outcome | None) -> bool:
    # Whoever pressed twice finds their case where the first press has led it.
    case = cases.view(current.node(), ref, by=current.visitor())
    return case.disputed if outcome is None else case.outcome is outcome


def _back(ref: str, done: str, ticket: Ticket) -> ResponseReturnValue:
    log.wait(current.node(), ticket)
    return _done(ref, done)


def _done(ref: str, done: str) -> ResponseReturnValue:
    return redirect(f"/cases/{ref}?done={done}", code=303)
