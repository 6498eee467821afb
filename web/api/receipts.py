"""The receipts of a case, as files anybody can check without this node."""

from http import HTTPStatus

from flask import Response

from node import cases
from web import current, ledger_pages
from web.api.operations import JSON, Shape, Slice, operation
from web.counts import COUNT

slice_ = Slice("receipts", "Receipts, as C2SP tlog-proof files.")

_TEXT = "text/plain; charset=utf-8"


@operation(slice_, "GET", f"/cases/<ref>/receipts/<{COUNT}:seq>", Shape())
def show(ref: str, seq: int) -> Response:
    """Send the receipt of one entry; 202 while it is being sealed."""
    found = cases.receipt(current.node(), ref, seq, by=current.visitor())
    return _file(found, f"{ref}-{seq}.tlog-proof")


@operation(slice_, "GET", "/cases/<ref>/head", Shape())
def head(ref: str) -> Response:
    """Send the signed note that says how many entries a case has."""
    note = cases.receipt_head(current.node(), ref, by=current.visitor())
    return _file(note, f"{ref}.head")


@operation(slice_, "GET", "/cases/<ref>/bundle", Shape())
def bundle(ref: str) -> Response:
    """Send all receipts of a case in one archive; 202 while one is being sealed."""
    archive = cases.bundle(current.node(), ref, by=current.visitor())
    whole = archive and ledger_pages.with_verifier(archive)
    return _file(whole, f"{ref}.zip", "application/zip")


def _file(content: bytes | None, name: str, kind: str = _TEXT) -> Response:
    if content is None:
        response = Response(
            '{"state": "sealing"}', HTTPStatus.ACCEPTED, content_type=JSON
        )
        response.headers["Retry-After"] = "1"
        return response
    response = Response(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
