"""How a case was handled: its member says it, and whom it is about answers."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from governance.errors import ChoiceInvalid, Invalid, SecondPerson
from governance.feedback import NoReviewers
from node import feedback
from node.feedback import Prepared, Said
from web import current
from web.problems import OVERTAKEN, status_of
from web.schemas import feedback as schemas
from web.schemas.form import Form, overtaken, read, refused

blueprint = Blueprint("feedback", __name__)


@blueprint.get("/cases/<ref>/feedback")
@current.one_look
def show(ref: str) -> str:
    """Show what a member said about their own case, and let them say it."""
    return _own(ref, Form())


@blueprint.post("/cases/<ref>/feedback")
def give(ref: str) -> ResponseReturnValue:
    """Say how it was, or say it anew."""
    sent = read(schemas.Say, request.form)
    if not sent.good:
        return _own(ref, sent.form), 422
    found = sent.found
    said = Said(found["id"], int(found["rating"]), found["text"])
    try:
        feedback.give(current.node(), ref, said, by=current.visitor())
    except OVERTAKEN as refusal:
        form = overtaken(sent.form.values, ["text"], refusal, _fields(ref))
        return _own(ref, form), status_of(refusal.code)
    return redirect(f"/cases/{ref}/feedback?done=said", code=303)


@blueprint.post("/cases/<ref>/feedback/back")
def take_back(ref: str) -> ResponseReturnValue:
    """Take back what was said."""
    feedback.take_back(current.node(), ref, by=current.visitor())
    return redirect(f"/cases/{ref}/feedback?done=back", code=303)


@blueprint.get("/desk/cases/<ref>/feedback")
@current.one_look
def at_desk(ref: str) -> str:
    """Show what was said to whom it is about, and to who shares out the case."""
    return _desk(ref, Form())


@blueprint.post("/desk/cases/<ref>/feedback")
def answer(ref: str) -> ResponseReturnValue:
    """Answer what was said."""
    sent = read(schemas.Answer, request.form)
    if not sent.good:
        return _desk(ref, sent.form), 422
    text = sent.found["answer"]
    try:
        feedback.answer(current.node(), ref, text, by=current.visitor())
    except Invalid as refusal:
        return _desk(ref, refused(sent.form.values, "answer", refusal)), 422
    except OVERTAKEN as refusal:
        form = overtaken(sent.form.values, ["answer"], refusal, set())
        return _desk(ref, form), status_of(refusal.code)
    return redirect(f"/desk/cases/{ref}/feedback?done=answered", code=303)


@blueprint.post("/desk/cases/<ref>/feedback/copy")
def copy(ref: str) -> ResponseReturnValue:
    """Keep a copy without names, and ask two others to look at it."""
    sent = read(schemas.Copy, request.form)
    if not sent.good:
        return _desk(ref, sent.form), 422
    made = Prepared(sent.found["copy"], looked=True)
    try:
        feedback.prepare(current.node(), ref, made, by=current.visitor())
    except ChoiceInvalid as refusal:
        return _desk(ref, refused(sent.form.values, "copy", refusal)), 422
    except (NoReviewers, SecondPerson, *OVERTAKEN) as refusal:
        form = overtaken(sent.form.values, ["copy"], refusal, {"copy"})
        return _desk(ref, form), status_of(refusal.code)
    return redirect(f"/desk/cases/{ref}/feedback?done=copied", code=303)


def _fields(ref: str) -> set[str]:
    board = feedback.show(current.node(), ref, by=current.visitor())
    return {"text"} if board.says else set()


def _own(ref: str, form: Form) -> str:
    return _page("cases/feedback.html", ref, form)


def _desk(ref: str, form: Form) -> str:
    return _page("desk/feedback.html", ref, form)


def _page(template: str, ref: str, form: Form) -> str:
    board = feedback.show(current.node(), ref, by=current.visitor())
    done, said = request.args.get("done", ""), board.said
    begun = "\n\n".join(filter(None, [said.text, said.answer])) if said else ""
    return render_template(
        template, ref=ref, board=board, form=form, done=done, begun=begun
    )
