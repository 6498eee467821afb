"""Sorting a case again, which a rule or somebody sorted."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from governance.errors import Invalid, LanguageInvalid
from governance.tags import BETWEEN
from node import areas, log
from node.cases import resorting
from node.cases.resorting import Sorted
from node.topics import STARTER
from web import current
from web.problems import OVERTAKEN, status_of
from web.schemas import desk as schemas
from web.schemas.form import Form, read, refused
from web.views.desk import choice

blueprint = Blueprint("sorting", __name__, url_prefix="/desk/cases")


@blueprint.get("/<ref>/sort")
@current.one_look
def show(ref: str) -> str:
    """Show how a case is sorted, to change it."""
    it = resorting.look(current.node(), ref, by=current.visitor())
    return _shown(it, Form(_values(it)))


@blueprint.post("/<ref>/sort")
def save(ref: str) -> ResponseReturnValue:
    """Sort a case again, where it is."""
    sent, node, by = (
        read(schemas.SortAgain, request.form),
        current.node(),
        current.visitor(),
    )
    if not sent.good:
        return _shown(resorting.look(node, ref, by=by), sent.form), 422
    try:
        ticket = resorting.again(
            node, ref, choice(sent), by=by, seen=sent.found["seen"]
        )
    except Invalid as refusal:
        at = "language" if isinstance(refusal, LanguageInvalid) else "area"
        where = str(refusal.values.get("field", at))
        form = refused(sent.form.values, where, refusal)
        return _shown(resorting.look(node, ref, by=by), form), 422
    except OVERTAKEN as refusal:
        it = resorting.look(node, ref, by=by)
        # Whoever sends it once more has seen what the other one chose.
        form = refused({**sent.form.values, "seen": it.version}, "kind", refusal)
        return _shown(it, form), status_of(refusal.code)
    log.wait(node, ticket)
    return redirect(f"/desk/cases/{ref}?done=sorted", code=303)


def _values(it: Sorted) -> dict[str, str]:
    ticked = {one.value: "yes" for one in it.found}
    return {
        **ticked,
        "seen": it.version,
        "kind": it.kind.value,
        "topic": it.topic,
        "priority": it.priority.value if it.priority else "",
        "reason": it.reason,
        "area": it.area or "none",
        "deadline_on": it.deadline_on.isoformat() if it.deadline_on else "",
        "deadline_source": it.deadline_source.value if it.deadline_source else "",
        "language": it.language,
        "sensitivity": it.sensitivity.value,
        "team": str(it.team) if it.team else "",
        "tags": f"{BETWEEN} ".join(it.tags),
    }


def _shown(it: Sorted, form: Form) -> str:
    known = [(area.code, area.name) for area in areas.every(current.node())]
    return render_template(
        "desk/sort.html", it=it, form=form, topics=STARTER, areas=known
    )
