"""What is done beside the cases, and where: one list, by the roles of its reader."""

from flask import Blueprint, render_template

blueprint = Blueprint("office", __name__, url_prefix="/admin")


@blueprint.get("/")
def index() -> str:
    """List what its reader may open."""
    return render_template("office/index.html")
