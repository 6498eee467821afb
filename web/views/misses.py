"""What was promised and not kept, for everybody to see."""

from datetime import date, datetime

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from governance.errors import NotFound
from governance.pledges import Cause
from node import cases, explaining, log
from node.misses import Misses, misses, to_explain
from web import case_pages, current
from web.schemas import desk_acts as schemas
from web.schemas.form import read

blueprint = Blueprint("misses", __name__)


@blueprint.get("/misses/")
def index() -> str:
    """Show the last month that is over, or that there is none yet."""
    try:
        found = misses(current.node())
    except NotFound:
        return render_template("misses/month.html", found=None, mine=(), done="")
    return _shown(found)


@blueprint.get("/misses/<month>")
def show(month: str) -> str:
    """Show one month, such as 2026-02."""
    return _shown(misses(current.node(), _month(month)))


def _shown(found: Misses) -> str:
    mine = to_explain(current.node(), found.month, by=current.visitor())
    done = request.args.get("done", "")
    return render_template("misses/month.html", found=found, mine=mine, done=done)


@blueprint.post("/desk/cases/<ref>/cause")
def explain(ref: str) -> ResponseReturnValue:
    """Say why a promise was missed."""
    sent = read(schemas.Explained, request.form)
    node, who = current.node(), current.visitor()
    if not sent.good:
        return case_pages.desk(cases.view(node, ref, by=who), sent.form), 422
    miss, cause = sent.found["miss"], Cause(sent.found["cause"])
    log.wait(node, explaining.explain(node, ref, miss, cause, by=who))
    back = sent.found["back"]
    if back:
        return redirect(f"/misses/{back}?done=explained#mine", code=303)
    return redirect(f"/desk/cases/{ref}?done=explained#missed", code=303)


def _month(typed: str) -> date:
    try:
        found = datetime.strptime(typed, "%Y-%m").date()  # noqa: DTZ007 - a month has no zone
    except ValueError as error:
        raise NotFound("There are no figures of this month.") from error
    if f"{found:%Y-%m}" != typed:
        raise NotFound("There are no figures of this month.")
    return found
