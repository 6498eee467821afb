"""Making a case public, and deciding about what people elsewhere answer to it."""

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from governance.errors import Refusal, WrongState
from node import approvals, cases, log, publications
from web import case_pages, current
from web.problems import status_of
from web.schemas import neighbours as schemas
from web.schemas.form import Read, overtaken, read

blueprint = Blueprint("publishing", __name__)


@blueprint.post("/cases/<ref>/public")
def publish(ref: str) -> ResponseReturnValue:
    """Show a case to everybody, in the words its member wrote for that."""
    who = current.visitor()
    case = cases.view(current.node(), ref, by=who)
    sent = read(schemas.Publish, request.form)
    if not sent.good:
        return case_pages.member(case, sent.form), 422
    title, text = sent.found["title"], sent.found["text"]
    try:
        ticket = publications.publish(current.node(), ref, title, text, by=who)
    except WrongState as refusal:
        if _stands(ref, title, text):
            return _done(f"/cases/{ref}", "published")
        return _overtaken(ref, sent, refusal)
    log.wait(current.node(), ticket)
    return _done(f"/cases/{ref}", "published")


def _stands(ref: str, title: str, text: str) -> bool:
    # Whoever pressed twice finds public what the first press made so.
    shown = publications.shown(current.node(), ref, by=current.visitor())
    return shown is not None and (shown.title, shown.text) == (
        title.strip(),
        text.strip(),
    )


def _overtaken(ref: str, sent: Read, refusal: Refusal) -> ResponseReturnValue:
    case = cases.view(current.node(), ref, by=current.visitor())
    form = overtaken(sent.form.values, ["title", "text"], refusal, set())
    return case_pages.member(case, form), status_of(refusal.code)


@blueprint.post("/cases/<ref>/replies/<key>")
def decide(ref: str, key: str) -> ResponseReturnValue:
    """Let a reply stand beside one's case, or not."""
    return _decide(ref, key, f"/cases/{ref}")


@blueprint.post("/desk/cases/<ref>/replies/<key>")
def decide_at_desk(ref: str, key: str) -> ResponseReturnValue:
    """Let a reply stand beside a case one answers, or not."""
    return _decide(ref, key, f"/desk/cases/{ref}")


def _decide(ref: str, key: str, back: str) -> ResponseReturnValue:
    verdict = schemas.Verdict().load(request.form)["verdict"]
    node, who = current.node(), current.visitor()
    if verdict == "reject":
        approvals.reject(node, ref, key, by=who)
        return _done(back, "rejected")
    log.wait(node, approvals.approve(node, ref, key, by=who))
    return _done(back, "approved")


def _done(path: str, done: str) -> ResponseReturnValue:
    return redirect(f"{path}?done={done}", code=303)
