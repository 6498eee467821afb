"""What everybody may read of the cases whose members made them public."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from node import paging, public_cases, publications
from web import current

blueprint = Blueprint("public", __name__)


@blueprint.get("/public")
def index() -> str:
    """List the public cases."""
    before = request.args.get("before", "")
    lines, more = paging.cut(publications.every(current.node(), before))
    return render_template("public/index.html", lines=lines, more=more, before=before)


@blueprint.get("/public/<key>")
def show(key: str) -> ResponseReturnValue:
    """Show a public case and what was answered; or that it was taken back."""
    node = current.node()
    ended_at = public_cases.ended_at(node, key)
    if ended_at is not None:
        return render_template("public/gone.html", ended_at=ended_at), 410
    return render_template("public/show.html", case=public_cases.page(node, key))


@blueprint.get("/public/answers/<key>")
def answer(key: str) -> ResponseReturnValue:
    """Show what one of ours answered elsewhere; or that it was taken back."""
    found = public_cases.answer(current.node(), key)
    if found.ended_at is not None:
        return render_template("public/answer_gone.html", answer=found), 410
    return render_template("public/answer.html", answer=found)
