"""The receipt of something told: shown to whoever sent it, for a day.

After that the case itself hands out its receipts; the four words are not shown again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import segno
from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from governance.errors import LinkInvalid
from node import cases, forms
from node.accounts import GUEST, Visitor
from node.submissions import Submitted
from web import current, ledger_pages

blueprint = Blueprint("receipts", __name__)

_KIND = "receipt"
_TEXT = "text/plain; charset=utf-8"
ARCHIVE = "application/zip"
_INK, _PAPER = "#12201A", "#FFFFFF"


@dataclass(frozen=True, slots=True)
class Promised:
    """One promise, as a receipt shows it."""

    kind: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """What stands on a receipt."""

    reference: str
    words: tuple[str, ...]
    link: str
    pledges: tuple[Promised, ...]


def keep(sent: Submitted) -> str:
    """Keep what the receipt shows, and return the token of its address."""
    shown = {
        "reference": sent.reference,
        "words": list(sent.words),
        "link": sent.link_token,
        "pledges": [
            [it.kind, it.due_at.isoformat()] for it in sent.pledges if it.due_at
        ],
    }
    return forms.keep(current.node(), None, _KIND, "", shown)


@blueprint.get("/receipt/<token>")
def show(token: str) -> ResponseReturnValue:
    """Show reference, words, what happens next, and the seal once it is there."""
    sent = _find(token)
    case = cases.view(current.node(), sent.reference, by=_holder(sent))
    stands = cases.standing(current.node(), sent.reference, by=_holder(sent))
    page = render_template(
        "submissions/receipt.html",
        sent=sent,
        token=token,
        track=current.url("/track"),
        sealed=case.timeline[0].seal,
        stands=stands,
        qr=_qr(current.url(f"/c/{sent.link}")),
    )
    return page, {"Referrer-Policy": "no-referrer"}


@blueprint.get("/receipt/<token>/file")
def save(token: str) -> ResponseReturnValue:
    """Hand over the receipt as a file that can be checked without us."""
    sent = _find(token)
    raw = cases.receipt(current.node(), sent.reference, 0, by=_holder(sent))
    case = f"/cases/{sent.reference}"
    return answer(case, f"{sent.reference}-0.tlog-proof", raw)


@blueprint.get("/cases/<ref>/bundle")
def bundle(ref: str) -> ResponseReturnValue:
    """Hand over all receipts of a case in one archive."""
    raw = cases.bundle(current.node(), ref, by=current.visitor())
    return answer(f"/cases/{ref}", f"{ref}.zip", raw, ARCHIVE)


def answer(
    case: str, name: str, raw: bytes | None, kind: str = _TEXT
) -> ResponseReturnValue:
    """Return a file of receipts, or the page that says they are being sealed.

    `case` is the path of the page they belong to.
    """
    if raw is None:
        page = render_template("cases/sealing.html", case=case)
        return page, 202, {"Retry-After": "5"}
    raw = ledger_pages.with_verifier(raw) if kind == ARCHIVE else raw
    response = Response(raw, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _find(token: str) -> Sent:
    found: Mapping[str, Any] | None = forms.read(current.node(), token, _KIND)
    if found is None:
        raise LinkInvalid("This page is gone. Your case has its receipts.")
    return Sent(
        reference=str(found["reference"]),
        words=tuple(found["words"]),
        link=str(found["link"]),
        pledges=tuple(
            Promised(kind, datetime.fromisoformat(due))
            for kind, due in found["pledges"]
        ),
    )


def _holder(sent: Sent) -> Visitor:
    return cases.link_visitor(current.node(), sent.link) or GUEST


def _qr(address: str) -> str:
    code = segno.make(address, error="m", micro=False)
    return str(code.svg_data_uri(border=2, dark=_INK, light=_PAPER))
