"""What a member does when it does not go well: the next step, or somebody else."""

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from governance.pledges import Choice
from node import cases, ladder, log, wishes
from node.wishes import Chance
from web import case_pages, current
from web.schemas import cases as schemas
from web.schemas.form import read

blueprint = Blueprint("ladder", __name__)


@blueprint.post("/cases/<ref>/escalate")
def escalate(ref: str) -> ResponseReturnValue:
    """Take the case one step further up now."""
    ticket = ladder.escalate(current.node(), ref, by=current.visitor())
    log.wait(current.node(), ticket)
    return redirect(f"/cases/{ref}?done=escalated", code=303)


@blueprint.post("/cases/<ref>/choose")
def choose(ref: str) -> ResponseReturnValue:
    """Write down how the member wants it to go on."""
    sent = read(schemas.Choose, request.form)
    if not sent.good:
        case = cases.view(current.node(), ref, by=current.visitor())
        return case_pages.member(case, sent.form), 422
    choice, who = Choice(sent.found["choice"]), current.visitor()
    ticket = ladder.choose(current.node(), ref, choice, by=who)
    log.wait(current.node(), ticket)
    return redirect(f"/cases/{ref}?done=chosen", code=303)


@blueprint.post("/cases/<ref>/somebody-else")
def somebody_else(ref: str) -> ResponseReturnValue:
    """Give the case to somebody else, or ask a coordinator to."""
    found = wishes.somebody_else(current.node(), ref, by=current.visitor())
    done = "changed" if found is Chance.NOW else "change-asked"
    return redirect(f"/cases/{ref}?done={done}", code=303)
