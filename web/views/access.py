"""Who saw a case: the page for its member, and for those who coordinate."""

from flask import Blueprint, render_template, request

from node import access
from web import current
from web.counts import LARGEST

blueprint = Blueprint("access", __name__)


@blueprint.get("/cases/<ref>/sharing")
@current.one_look
def sharing(ref: str) -> str:
    """Show who read a case, who may, and what left, by which consent."""
    before = request.args.get("before", type=int)
    before = min(max(1, before), LARGEST) if before is not None else None
    node, who = current.node(), current.visitor()
    found = access.sharing(node, ref, by=who, before=before)
    return render_template("access/sharing.html", found=found, before=before)
