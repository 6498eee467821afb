"""What the node owes: the queue, and trying again what was given up."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from node import jobs_desk
from web import current
from web.counts import COUNT

blueprint = Blueprint("jobs", __name__, url_prefix="/admin/jobs")


@blueprint.get("/")
def index() -> str:
    """Show what waits, and what was given up."""
    owed = jobs_desk.owed(current.node(), by=current.visitor())
    return render_template("jobs/index.html", owed=owed, done=request.args.get("done"))


@blueprint.post(f"/<{COUNT}:id_>/again")
def again(id_: int) -> ResponseReturnValue:
    """Have one piece of work tried again."""
    jobs_desk.again(current.node(), id_, by=current.visitor())
    return redirect("/admin/jobs?done=again", code=303)
