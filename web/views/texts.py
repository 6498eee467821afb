"""Message templates: made and approved at one page, put into a reply at the desk."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from governance.errors import ChoiceInvalid, Invalid, NotFound
from governance.texts import VARIABLES, Medium, VariableMissing
from node import cases, texts
from node.texts import Draft
from web import case_pages, current
from web.schemas import desk as desk_schemas
from web.schemas import texts as schemas
from web.schemas.form import Form, read, refused

blueprint = Blueprint("texts", __name__)


@blueprint.get("/admin/templates")
def index() -> str:
    """Show every template, and the form for a new version."""
    usual = {"medium": Medium.MAIL.value, "language": current.community().language}
    return _index(Form(usual))


@blueprint.post("/admin/templates")
def propose() -> ResponseReturnValue:
    """Write a new version down, for somebody else to approve."""
    sent = read(schemas.Text, request.form)
    if not sent.good:
        return _index(sent.form), 422
    found = sent.found
    draft = Draft(
        found["name"],
        Medium(found["medium"]),
        found["language"],
        found["text"],
        community=found["community"] == "yes",
    )
    try:
        made = texts.propose(current.node(), draft, by=current.visitor())
    except Invalid as refusal:
        name = str(refusal.values.get("field", _FIELDS.get(refusal.code, "text")))
        return _index(refused(sent.form.values, name, refusal)), 422
    return redirect(f"/admin/templates/{made}?done=proposed", code=303)


@blueprint.get("/admin/templates/<uuid:version_id>")
def show(version_id: UUID) -> str:
    """Show one version as it reads: with made-up values, or in a case that is named."""
    node, who = current.node(), current.visitor()
    version = texts.show(node, version_id, by=who)
    ref = request.args.get("ref", "").strip()
    form, preview = Form({"ref": ref}), ""
    try:
        if ref:
            preview = texts.preview(node, version, ref, by=who)
        else:
            preview = texts.example(node, version.text, version.language)
    except (VariableMissing, NotFound) as refusal:
        form = refused(form.values, "ref", refusal)
    return render_template(
        "texts/show.html",
        it=version,
        form=form,
        preview=preview,
        done=request.args.get("done"),
    )


@blueprint.post("/admin/templates/<uuid:version_id>/approve")
def approve(version_id: UUID) -> ResponseReturnValue:
    """Let everybody use a version, as the second person."""
    texts.approve(current.node(), version_id, by=current.visitor())
    return redirect(f"/admin/templates/{version_id}?done=approved", code=303)


@blueprint.post("/admin/templates/<uuid:version_id>/retire")
def retire(version_id: UUID) -> ResponseReturnValue:
    """Let nobody use a template any more."""
    texts.retire(current.node(), version_id, by=current.visitor())
    return redirect(f"/admin/templates/{version_id}?done=retired", code=303)


@blueprint.post("/desk/cases/<ref>/template")
def insert(ref: str) -> ResponseReturnValue:
    """Show the case again, with a template below what was typed."""
    node, who = current.node(), current.visitor()
    sent = read(desk_schemas.Insert, request.form)
    case = cases.view(node, ref, by=who)
    if not sent.good:
        return case_pages.desk(case, sent.form), 422
    try:
        filled = texts.fill_in(node, ref, sent.found["template"], by=who)
    except (ChoiceInvalid, VariableMissing) as refusal:
        # Not "missing": the template was chosen, and this says what it lacks.
        said = {"template": refusal.reason}
        form = Form(sent.form.values, {"template": "lacks"}, said)
        return case_pages.desk(case, form), 422
    speaks = "yes" if filled.community else ""
    began = str(filled.version_id)
    form = case_pages.below(sent, filled.text, began=began, speaks=speaks)
    return case_pages.desk(case, form)


_FIELDS = {"invalid.language": "language"}


def _index(form: Form) -> str:
    node, who = current.node(), current.visitor()
    return render_template(
        "texts/index.html",
        form=form,
        rows=texts.every(node, by=who),
        variables=list(VARIABLES),
    )
