"""The ledger for people: the seal of today, its entries, and checking a receipt.

The same in bytes, for auditors and witnesses, is in `log`.
"""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from node import log
from web import current
from web.counts import COUNT
from web.schemas import ledger as schemas
from web.schemas.form import Form, read

blueprint = Blueprint("ledger_pages", __name__, url_prefix="/ledger")

_NEWEST = 10


@blueprint.get("/")
def index() -> str:
    """Show the published head, its newest entries, and the keys to check it by."""
    node = current.node()
    status = log.status(node)
    newest = range(status.size - 1, max(-1, status.size - 1 - _NEWEST), -1)
    return render_template(
        "ledger/index.html",
        status=status,
        entries=[log.entry(node, index) for index in newest],
        example=f"{current.community().prefix}-7KQ2M8V",
    )


@blueprint.get(f"/<{COUNT}:number>")
def entry(number: int) -> str:
    """Show one entry, as anybody may see it."""
    return render_template("ledger/entry.html", entry=log.entry(current.node(), number))


@blueprint.get("/verify")
def verify() -> str:
    """Ask for a receipt to check."""
    return _verify(Form())


@blueprint.post("/verify")
def check() -> ResponseReturnValue:
    """Check a receipt, and say what each step found."""
    sent = read(schemas.Check, request.form)
    file = request.files.get("file")
    raw = file.read(schemas.RECEIPT_LIMIT + 1) if file else b""
    raw = raw or sent.form.value("receipt").replace("\r\n", "\n").encode()
    if not raw.strip():
        return _verify(Form(sent.form.values, {"receipt": "missing"})), 422
    if len(raw) > schemas.RECEIPT_LIMIT or not sent.good:
        return _verify(Form({}, {"receipt": "long"})), 422
    verdict = log.check(current.node(), raw)
    return render_template("ledger/verify.html", form=Form(), verdict=verdict)


def _verify(form: Form) -> str:
    return render_template("ledger/verify.html", form=form, verdict=None)
