"""The plan of a case: made at the desk, and ticked off on both its pages."""

from uuid import UUID

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from governance.errors import ChoiceInvalid, Invalid
from governance.plans import Owner
from node import cases, plans
from node.plans import NewStep
from web import case_pages, current
from web.problems import OVERTAKEN, status_of
from web.schemas import desk_acts as schemas
from web.schemas.form import Form, overtaken, read, refused

blueprint = Blueprint("plans", __name__)


@blueprint.post("/desk/cases/<ref>/plan")
def add(ref: str) -> ResponseReturnValue:
    """Add a step to the plan."""
    sent = read(schemas.PlanStep, request.form)
    if not sent.good:
        return _again(ref, sent.form), 422
    found = sent.found
    step = NewStep(found["id"], found["step"], Owner(found["owner"]), found["due"])
    try:
        plans.add(current.node(), ref, step, by=current.visitor())
    except Invalid as refusal:
        field = "step"
        if isinstance(refusal, ChoiceInvalid):
            field = str(refusal.values["field"])
        return _again(ref, refused(sent.form.values, field, refusal)), 422
    except OVERTAKEN as refusal:
        there = {"step"} if _view(ref).plan.writes else set()
        form = overtaken(sent.form.values, ["step"], refusal, there)
        return _again(ref, form), status_of(refusal.code)
    return redirect(f"/desk/cases/{ref}?done=planned#plan", code=303)


@blueprint.post("/desk/cases/<ref>/plan/<uuid:id_>/done")
def done_at_desk(ref: str, id_: UUID) -> ResponseReturnValue:
    """Say at the desk that a step is done."""
    plans.done(current.node(), ref, id_, by=current.visitor())
    return redirect(f"/desk/cases/{ref}?done=ticked#plan", code=303)


@blueprint.post("/desk/cases/<ref>/plan/<uuid:id_>/undo")
def undo_at_desk(ref: str, id_: UUID) -> ResponseReturnValue:
    """Say at the desk that a step is not done after all."""
    plans.undo(current.node(), ref, id_, by=current.visitor())
    return redirect(f"/desk/cases/{ref}?done=unticked#plan", code=303)


@blueprint.post("/desk/cases/<ref>/plan/<uuid:id_>/remove")
def remove(ref: str, id_: UUID) -> ResponseReturnValue:
    """Take a step out of the plan."""
    plans.remove(current.node(), ref, id_, by=current.visitor())
    return redirect(f"/desk/cases/{ref}?done=unplanned#plan", code=303)


@blueprint.post("/cases/<ref>/plan/<uuid:id_>/done")
def done(ref: str, id_: UUID) -> ResponseReturnValue:
    """Say as the member that one's own step is done."""
    plans.done(current.node(), ref, id_, by=current.visitor())
    return redirect(f"/cases/{ref}?done=ticked#plan", code=303)


@blueprint.post("/cases/<ref>/plan/<uuid:id_>/undo")
def undo(ref: str, id_: UUID) -> ResponseReturnValue:
    """Say as the member that one's own step is not done after all."""
    plans.undo(current.node(), ref, id_, by=current.visitor())
    return redirect(f"/cases/{ref}?done=unticked#plan", code=303)


def _view(ref: str) -> cases.CaseView:
    return cases.view(current.node(), ref, by=current.visitor())


def _again(ref: str, form: Form) -> str:
    return case_pages.desk(_view(ref), form)
