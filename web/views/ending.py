"""Ending an account: what goes with it, and one question before it does."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from node import ending
from web import current, drafts
from web.schemas import accounts as schemas
from web.schemas.form import Form, read

blueprint = Blueprint("ending", __name__, url_prefix="/me/end")


@blueprint.get("")
@current.one_look
def ask() -> str:
    """Say what would go, and what has to be settled before."""
    return _page(Form())


@blueprint.post("")
def end() -> ResponseReturnValue:
    """End the account; nobody is signed in after that."""
    sent = read(schemas.End, request.form)
    if not sent.good:
        return _page(sent.form), 422
    ending.end(current.node(), by=current.visitor())
    drafts.drop()
    current.sign_out()
    return render_template("accounts/ended.html")


def _page(form: Form) -> str:
    found = ending.look(current.node(), by=current.visitor())
    return render_template("accounts/end.html", ending=found, form=form)
