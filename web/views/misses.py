"""What was promised and not kept, for everybody to see."""

from datetime import date, datetime

from flask import Blueprint, render_template

from governance.errors import NotFound
from node.misses import misses
from web import current

blueprint = Blueprint("misses", __name__, url_prefix="/misses")


@blueprint.get("/")
def index() -> str:
    """Show the last month that is over, or that there is none yet."""
    try:
        found = misses(current.node())
    except NotFound:
        return render_template("misses/month.html", found=None)
    return render_template("misses/month.html", found=found)


@blueprint.get("/<month>")
def show(month: str) -> str:
    """Show one month, such as 2026-02."""
    found = misses(current.node(), _month(month))
    return render_template("misses/month.html", found=found)


def _month(typed: str) -> date:
    try:
        found = datetime.strptime(typed, "%Y-%m").date()  # noqa: DTZ007 - a month has no zone
    except ValueError as error:
        raise NotFound("There are no figures of this month.") from error
    if f"{found:%Y-%m}" != typed:
        raise NotFound("There are no figures of this month.")
    return found
