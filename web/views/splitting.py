"""One message, several matters: a part becomes a case of its own, and goes back."""

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from governance.errors import Invalid
from node import log, splitting
from node.splitting import Marked
from web import current
from web.problems import OVERTAKEN, status_of
from web.schemas import desk as schemas
from web.schemas.form import read, refused
from web.views.desk import triage_again

blueprint = Blueprint("splitting", __name__, url_prefix="/desk")


@blueprint.post("/triage/split")
def split() -> ResponseReturnValue:
    """Make a case of its own of a part of what waits for triage."""
    sent = read(schemas.Split, request.form)
    if not sent.good:
        return triage_again(sent.form), 422
    found, node = sent.found, current.node()
    marked = Marked(found["id"], (found["piece"],))
    try:
        made = splitting.split(node, found["ref"], marked, by=current.visitor())
    except (Invalid, *OVERTAKEN) as refusal:
        form = refused(sent.form.values, "piece", refusal)
        return triage_again(form), status_of(refusal.code)
    log.wait(node, made.ticket)
    return redirect("/desk/triage?done=split", code=303)


@blueprint.post("/cases/<ref>/pieces/undo")
def undo(ref: str) -> ResponseReturnValue:
    """Put a piece back into the case that it came from."""
    found, node = schemas.Unsplit().load(request.form), current.node()
    ticket = splitting.undo(node, ref, found["piece"], by=current.visitor())
    log.wait(node, ticket)
    return redirect("/desk/triage?done=unsplit", code=303)
