"""A member's own points: all of them, exactly, for nobody else."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from node import points
from web import current
from web.views.receipts import ARCHIVE, answer

blueprint = Blueprint("points", __name__, url_prefix="/me/points")


@blueprint.get("")
def show() -> str:
    """Show each award, and their sum."""
    mine = points.mine(current.node(), by=current.visitor())
    return render_template("points/index.html", mine=mine)


@blueprint.get("/bundle")
def bundle() -> ResponseReturnValue:
    """Hand over the receipts of one's own chain in one archive."""
    raw = points.bundle(current.node(), by=current.visitor())
    return answer("/me/points", "points.zip", raw, ARCHIVE)
