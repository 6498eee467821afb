"""Proving the address one gave: ask for a code, and type it.

Whoever came by a link goes back from here to what asked them for a code.
"""

from collections.abc import Mapping
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from governance.errors import ChoiceInvalid, Throttled
from node import proving
from node.cases import OpenedLink
from web import current, places
from web.problems import status_of
from web.schemas import proving as schemas
from web.schemas.form import Form, read, refused

blueprint = Blueprint("proving", __name__)


@blueprint.get("/cases/<ref>/proof")
@current.one_look
def show(ref: str) -> str:
    """Show which address is not proven, and where the code goes."""
    return _page(ref, Form())


@blueprint.post("/cases/<ref>/proof")
def ask(ref: str) -> ResponseReturnValue:
    """Have a code sent to the address."""
    try:
        proving.ask(current.node(), ref, by=current.visitor(), source=current.source())
    except (ChoiceInvalid, Throttled) as refusal:
        return _page(ref, refused({}, "code", refusal)), status_of(refusal.code)
    back = {"next": _next(request.form)} if _next(request.form) else {}
    return redirect(f"/cases/{ref}/proof?{urlencode(back)}".rstrip("?"), code=303)


@blueprint.post("/cases/<ref>/proof/code")
def prove(ref: str) -> ResponseReturnValue:
    """Prove it by the code."""
    sent = read(schemas.Code, request.form)
    if not sent.good:
        return _page(ref, sent.form), 422
    node, who, code = current.node(), current.visitor(), sent.found["code"]
    try:
        proof = proving.prove(node, ref, code, by=who, source=current.source())
    except (ChoiceInvalid, Throttled) as refusal:
        return _page(ref, refused({}, "code", refusal)), status_of(refusal.code)
    if proof is not None:
        current.open_case(OpenedLink(proof.reference, proof.token))
    return redirect(_next(request.form) or f"/cases/{ref}?done=proven", code=303)


def _page(ref: str, form: Form) -> str:
    found = proving.reached(current.node(), ref, by=current.visitor())
    back = _next(request.values)
    return render_template(
        "cases/proof.html", ref=ref, form=form, found=found, back=back
    )


def _next(asked: Mapping[str, str]) -> str:
    return places.local(asked.get("next", ""))
