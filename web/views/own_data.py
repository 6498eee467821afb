"""What the node holds about a member: the page, the file, and what they ask of us."""

import json
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from governance.consent import Purpose
from governance.data_requests import CLOCK, Kind
from node import data_requests, own_data
from node.data_requests import Wish
from web import current
from web.schemas import data_requests as schemas
from web.schemas.form import Form, read
from web.views.receipts import answer

blueprint = Blueprint("own_data", __name__, url_prefix="/me/data")
_JSON = "application/json"
_ZIP = "application/zip"


@blueprint.get("")
def show() -> str:
    """Show everything that is held, by purpose, who read it, and what was asked."""
    return _page(Form())


def _page(form: Form) -> str:
    held = own_data.held(current.node(), by=current.visitor())
    return render_template(
        "accounts/data.html",
        held=held,
        form=form,
        kinds=tuple(Kind),
        purposes=tuple(Purpose),
        within=CLOCK.days,
        done=request.args.get("done", ""),
    )


@blueprint.get("/download")
def download() -> ResponseReturnValue:
    """Hand over everything as one file, signed once the community has a key."""
    found = own_data.export(current.node(), by=current.visitor())
    raw = json.dumps(found, indent=2, ensure_ascii=False).encode()
    return answer("/me/data", "my-data.json", raw, _JSON)


@blueprint.get("/files")
def files() -> ResponseReturnValue:
    """Hand over the files of all cases as one archive, while it is made."""
    found = own_data.parcel(current.node(), by=current.visitor())
    response = Response(found, content_type=_ZIP)
    response.headers["Content-Disposition"] = 'attachment; filename="my-files.zip"'
    return response


@blueprint.post("/requests")
def ask() -> ResponseReturnValue:
    """Write down what a member asks that this page cannot do at once."""
    sent = read(schemas.Ask, request.form)
    if not sent.good:
        return _page(sent.form), 422
    kind = Kind(sent.found["kind"])
    objects = kind is Kind.OBJECTION
    purpose = Purpose(sent.found["purpose"]) if objects else None
    wish = Wish(kind, sent.found["words"], purpose)
    data_requests.ask(current.node(), wish, by=current.visitor())
    return redirect("/me/data?done=asked", code=303)


@blueprint.post("/requests/<uuid:id_>/back")
def take_back(id_: UUID) -> ResponseReturnValue:
    """Erase one's own request, with its answer."""
    data_requests.take_back(current.node(), id_, by=current.visitor())
    return redirect("/me/data?done=back", code=303)
