"""The same matter, parts, merges: what the desk says of two cases, and undoes."""

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from governance.bonds import BondKind
from governance.errors import Conflict, Invalid, NotFound
from node import bonds, log
from web import current
from web.problems import OVERTAKEN, status_of
from web.schemas import together as schemas
from web.schemas.form import read, refused
from web.views.together import desk_page

blueprint = Blueprint("bonds", __name__)


@blueprint.post("/desk/cases/<ref>/together/bond")
def bond(ref: str) -> ResponseReturnValue:
    """Say how a case hangs together with another one."""
    sent = read(schemas.Bond, request.form)
    if not sent.good:
        return desk_page(ref, sent.form), 422
    node, who, found = current.node(), current.visitor(), sent.found
    kind, other, why = found["kind"], found["other"].strip(), found["why"]
    try:
        if kind == schemas.MERGE:
            ticket = bonds.merge(node, ref, other, why, by=who)
        else:
            said = bonds.Said(BondKind(kind), why)
            ticket = bonds.mark(node, ref, other, said, by=who)
    except (Invalid, NotFound, *OVERTAKEN) as refusal:
        form = refused(sent.form.values, "other", refusal)
        return desk_page(ref, form), status_of(refusal.code)
    log.wait(node, ticket)
    return redirect(f"/desk/cases/{ref}/together?done=linked", code=303)


@blueprint.post("/desk/cases/<ref>/together/undo")
def undo(ref: str) -> ResponseReturnValue:
    """Take back how a case hangs together with another one."""
    found, node = schemas.Undo().load(request.form), current.node()
    ticket = bonds.undo(node, ref, found["bond"], by=current.visitor())
    log.wait(node, ticket)
    return redirect(f"/desk/cases/{ref}/together?done=apart", code=303)


@blueprint.post("/desk/triage/bond")
def bond_at_triage() -> ResponseReturnValue:
    """Say that what waits for triage and another case are the same matter."""
    found, node = schemas.BondAtTriage().load(request.form), current.node()
    said = bonds.Said(BondKind.SAME_MATTER)
    try:
        who = current.visitor()
        ticket = bonds.mark(node, found["ref"], found["other"], said, by=who)
    except Conflict:
        # Somebody said so a moment before: it is as this one wants it.
        return redirect("/desk/triage?done=linked", code=303)
    log.wait(node, ticket)
    return redirect("/desk/triage?done=linked", code=303)
