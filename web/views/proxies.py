"""Telling something for somebody else, and what they say to that."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from governance.errors import ChoiceInvalid, ContactInvalid, Throttled
from governance.proxies import ProxyOver
from node import log, proxies
from node.submissions import Told
from web import current
from web.problems import status_of
from web.schemas import proxies as schemas
from web.schemas.form import Form, Read, read, refused
from web.views import receipts

blueprint = Blueprint("proxies", __name__)


@blueprint.get("/tell/for")
def show() -> str:
    """Show both ways: beside them, or while they are not here."""
    return _page(Form())


@blueprint.post("/tell/for/begin")
def begin() -> ResponseReturnValue:
    """Begin to act for whoever sits beside one, who agrees to it themselves."""
    sent = schemas.Begin().load(request.form)
    try:
        agreed = sent["agreed"] == "yes"
        proxies.begin(current.node(), agreed=agreed, by=current.visitor())
    except ChoiceInvalid as refusal:
        return _page(refused({}, "agreed", refusal)), 422
    return redirect("/tell/for", code=303)


@blueprint.post("/tell/for/end")
def end() -> ResponseReturnValue:
    """End it before its time is over."""
    id_ = schemas.End().load(request.form)["id"]
    proxies.end(current.node(), id_, by=current.visitor())
    return redirect("/tell/for?done=ended", code=303)


@blueprint.post("/tell/for")
def tell() -> ResponseReturnValue:
    """Tell it, and hand them their receipt, or let them be told by mail."""
    sent = read(schemas.TellFor, request.form)
    if not sent.good:
        return _page(sent.form), 422
    beside = sent.found["beside"]
    try:
        made = proxies.tell(
            current.node(), _told(sent), by=current.visitor(), beside=beside
        )
    except (ChoiceInvalid, ContactInvalid) as refusal:
        return _page(refused(sent.form.values, "contact", refusal)), 422
    except (ProxyOver, Throttled) as refusal:
        form = refused(sent.form.values, "text", refusal)
        return _page(form), status_of(refusal.code)
    log.wait(current.node(), made.ticket)
    if beside is None:
        return redirect("/tell/for?done=told", code=303)
    return redirect(f"/receipt/{receipts.keep(made)}", code=303)


def _told(sent: Read) -> Told:
    found = sent.found
    return Told(
        id=found["id"],
        text=found["text"],
        wanted=found["wanted"],
        place=found["place"],
        contact=found["contact"],
        name=found["name"],
        source=current.source(),
    )


@blueprint.post("/cases/<ref>/proxy")
def answer(ref: str) -> ResponseReturnValue:
    """Say that what another told for oneself is right, or not wanted."""
    node, who = current.node(), current.visitor()
    if schemas.Answer().load(request.form)["answer"] == "confirm":
        proxies.confirm(node, ref, by=who)
        return redirect(f"/cases/{ref}?done=confirmed", code=303)
    proxies.object_to(node, ref, by=who)
    return redirect(f"/cases/{ref}?done=objected", code=303)


def _page(form: Form) -> str:
    beside = proxies.session(current.node(), by=current.visitor())
    return render_template(
        "submissions/for.html",
        form=form,
        beside=beside,
        done=request.args.get("done", ""),
    )
