"""Short texts of one's own: kept at one page, put into a reply at the desk."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from governance.errors import Invalid, NotFound
from governance.texts import VARIABLES, VariableMissing
from node import cases
from node.texts import snippets
from node.texts.snippets import Kept, Short
from web import case_pages, current
from web.schemas import snippets as schemas
from web.schemas.form import Form, read, refused

blueprint = Blueprint("snippets", __name__)


@blueprint.get("/desk/snippets")
@current.one_look
def index() -> str:
    """Show one's own short texts, and the form for one: new, or the one asked for."""
    asked = request.args.get("change", "")
    found = next((it for it in _mine() if str(it.id) == asked), None)
    values = {"title": found.title, "text": found.text} if found else {}
    return _page(Form(values), found)


@blueprint.post("/desk/snippets")
def write() -> ResponseReturnValue:
    """Keep a new one."""
    sent = read(schemas.Snippet, request.form)
    if not sent.good:
        return _page(sent.form), 422
    try:
        snippets.write(current.node(), Short(**sent.found), by=current.visitor())
    except Invalid as refusal:
        return _page(_refused(sent.form, refusal)), 422
    return _done("kept")


@blueprint.post("/desk/snippets/<uuid:short_id>")
def change(short_id: UUID) -> ResponseReturnValue:
    """Change one."""
    sent = read(schemas.Changed, request.form)
    found = next((it for it in _mine() if it.id == short_id), None)
    if found is None:
        raise NotFound("You keep no such text.")
    if not sent.good:
        return _page(sent.form, found), 422
    try:
        short = Short(short_id, **sent.found)
        snippets.change(current.node(), short, by=current.visitor())
    except Invalid as refusal:
        return _page(_refused(sent.form, refusal), found), 422
    return _done("changed")


@blueprint.post("/desk/snippets/<uuid:short_id>/delete")
def drop(short_id: UUID) -> ResponseReturnValue:
    """Delete one."""
    snippets.drop(current.node(), short_id, by=current.visitor())
    return _done("deleted")


@blueprint.post("/desk/cases/<ref>/snippet")
def insert(ref: str) -> ResponseReturnValue:
    """Show the case again, with a short text below what was typed."""
    node, who = current.node(), current.visitor()
    sent = read(schemas.InsertSnippet, request.form)
    case = cases.view(node, ref, by=who)
    if not sent.good:
        return case_pages.desk(case, sent.form), 422
    try:
        text = snippets.fill(node, ref, sent.found["snippet"], by=who)
    except (NotFound, VariableMissing) as refusal:
        # Not "missing": it was chosen, and this says what it lacks.
        said = {"snippet": refusal.reason}
        form = Form(sent.form.values, {"snippet": "lacks"}, said)
        return case_pages.desk(case, form), 422
    return case_pages.desk(case, case_pages.below(sent, text))


def _mine() -> tuple[Kept, ...]:
    return snippets.mine(current.node(), by=current.visitor())


def _refused(form: Form, refusal: Invalid) -> Form:
    return refused(form.values, str(refusal.values.get("field", "text")), refusal)


def _page(form: Form, found: Kept | None = None) -> str:
    return render_template(
        "desk/snippets.html",
        rows=_mine(),
        form=form,
        found=found,
        writes=bool(current.visitor().grants),
        variables=list(VARIABLES),
        done=request.args.get("done", ""),
    )


def _done(what: str) -> ResponseReturnValue:
    return redirect(f"/desk/snippets?done={what}", code=303)
