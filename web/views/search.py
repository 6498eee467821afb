"""Looking for cases by words: one's own, and at the desk those one may read."""

from flask import Blueprint, render_template, request

from node import search
from node.search import Order
from web import current

blueprint = Blueprint("search", __name__)


@blueprint.get("/search")
@current.one_look
def show() -> str:
    """Show what was found, or ask what to look for."""
    text = request.args.get("q", "")
    best = request.args.get("order") == Order.BEST
    order = Order.BEST if best else Order.NEWEST
    found = search.find(current.node(), text, by=current.visitor(), order=order)
    return render_template("search/index.html", found=found, text=text, best=best)
