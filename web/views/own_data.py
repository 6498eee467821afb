"""What the node holds about a member: the page, and the file to take away."""

import json

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from node import own_data
from web import current
from web.views.receipts import answer

blueprint = Blueprint("own_data", __name__, url_prefix="/me/data")
_JSON = "application/json"


@blueprint.get("")
def show() -> str:
    """Show everything that is held, by purpose, and who read it."""
    held = own_data.held(current.node(), by=current.visitor())
    return render_template("accounts/data.html", held=held)


@blueprint.get("/download")
def download() -> ResponseReturnValue:
    """Hand over everything as one file, signed once the community has a key."""
    found = own_data.export(current.node(), by=current.visitor())
    raw = json.dumps(found, indent=2, ensure_ascii=False).encode()
    return answer("/me/data", "my-data.json", raw, _JSON)
