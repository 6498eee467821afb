"""The ledger for people: the seal of today, its entries, and checking a receipt.

The same in bytes, for auditors and witnesses, is in `log`.
"""

import re

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from ledger.receipt import Verdict
from node import log
from web import current, ledger_pages
from web.counts import COUNT
from web.ledger_links import Live
from web.schemas import ledger as schemas
from web.schemas.form import Form, read

blueprint = Blueprint("ledger_pages", __name__, url_prefix="/ledger")

_LIVE = Live()
_NUMBER = re.compile("[0-9]{1,16}", re.ASCII)


@blueprint.get("/")
def index() -> str:
    """Show the published head, who signed it, and its newest entries."""
    return ledger_pages.show("index", _LIVE)


@blueprint.get("/entries")
def entries() -> str:
    """List all entries, newest first."""
    return _list("entries", clear=False)


@blueprint.get("/clear")
def clear() -> str:
    """List the entries that everybody may read."""
    return _list("clear", clear=True)


def _list(name: str, *, clear: bool) -> str:
    node, given = current.node(), request.args.get("before", "")
    if given and not _NUMBER.fullmatch(given):
        raise BadRequest
    size, before = log.status(node).size, int(given) if given else None
    found = log.newest(node, before=before, clear=clear) if size else []
    last = found[-1].index if found else 0
    older = f"{_LIVE.page(name)}?before={last}" if last else ""
    empty = "older" if size and before is not None else "all"
    return ledger_pages.whole(
        name, _LIVE, entries=found, size=size, older=older, empty=empty
    )


@blueprint.get("/witnesses")
def witnesses() -> str:
    """Show who signs our seals, how far each came, and what that withstands."""
    return ledger_pages.show("witnesses", _LIVE)


@blueprint.get("/keys")
def keys() -> str:
    """Show the keys that speak for this log."""
    return ledger_pages.show("keys", _LIVE)


@blueprint.get("/audit")
def audit() -> str:
    """Explain how to check the whole log without trusting us."""
    return ledger_pages.show("audit", _LIVE)


@blueprint.get(f"/<{COUNT}:number>")
def entry(number: int) -> str:
    """Show one entry, as anybody may see it."""
    found = log.entry(current.node(), number)
    return ledger_pages.whole("entry", _LIVE, entry=found)


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
    return _verify(Form(), log.check(current.node(), raw))


def _verify(form: Form, verdict: Verdict | None = None) -> str:
    page = "ledger/verify.html"
    own, ledger = ledger_pages.own(), log.place(log.epoch(current.node()))
    return render_template(page, form=form, verdict=verdict, ledger=ledger, **own)


@blueprint.get("/verify.html")
def keep() -> Response:
    """Hand over the verifier as one file that needs no network."""
    whole = ledger_pages.kept()
    response = Response(whole, content_type="text/html; charset=utf-8")
    # Saved, never shown from here: our pages have no script in them.
    response.headers["Content-Disposition"] = 'attachment; filename="verify.html"'
    return response
