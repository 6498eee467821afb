"""The record of processing, for whoever answers for it."""

from flask import Blueprint, render_template

from node import processing
from web import current
from web.pages import reading

blueprint = Blueprint("processing", __name__, url_prefix="/admin/processing")


@blueprint.get("/")
def index() -> str:
    """Show what personal data are used here, for what, and where they go."""
    found = processing.processing(
        current.node(), by=current.visitor(), language=reading().tag
    )
    return render_template("access/processing.html", it=found)
