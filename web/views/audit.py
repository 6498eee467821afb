"""The log of all reads, for those who watch over it; and the same as a file."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from flask import Blueprint, Response, render_template, request

from governance.access import Field, Ground
from node import access
from node.access import Sought
from web import current
from web.counts import LARGEST

blueprint = Blueprint("audit", __name__, url_prefix="/admin/audit")

#: For how many days back one can ask, at a press.
DAYS = ("1", "7", "30", "365")


@blueprint.get("/")
def index() -> str:
    """Show the newest reads that fit."""
    sought = _sought()
    found = access.audit(current.node(), sought, by=current.visitor())
    return render_template(
        "access/audit.html",
        found=found,
        sought=sought,
        fields=list(Field),
        grounds=list(Ground),
        days=DAYS,
        since=request.args.get("days", ""),
        asked=request.query_string.decode("ascii", "replace"),
    )


@blueprint.get("/reads.csv")
def export() -> Response:
    """Hand the same out as a sheet."""
    sought = replace(_sought(), before=None)
    node, who = current.node(), current.visitor()
    found = access.audit(node, sought, by=who, most=access.MOST)
    response = Response(access.sheet(found.lines), content_type="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="reads.csv"'
    return response


def _sought() -> Sought:
    # What is no choice of ours asks for everything: a link of old still opens.
    given = request.args
    field, ground = given.get("field", ""), given.get("ground", "")
    days, before = given.get("days", ""), given.get("before", type=int)
    return Sought(
        field=Field(field) if field in set(Field) else None,
        ground=Ground(ground) if ground in set(Ground) else None,
        since=_back(int(days)) if days in DAYS else None,
        before=min(max(1, before), LARGEST) if before is not None else None,
    )


def _back(days: int) -> datetime:
    return current.node().now().astimezone(UTC) - timedelta(days=days)
