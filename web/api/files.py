"""The files of a case, for programs."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Response, request

from governance.errors import NotFound
from governance.files import LARGEST
from node import attachments, log
from node.files import Upload
from web import current, uploads
from web.api.operations import Answer, Shape, Slice, operation
from web.casefiles import receipt_url
from web.schemas.api import coming, going

slice_ = Slice("files", "Files beside words: pictures, PDF and plain text.")

_ADD = Shape(
    gives=going.FileMade,
    takes=coming.FileNamed,
    where="query",
    status=HTTPStatus.CREATED,
    needs_key=True,
)


@operation(slice_, "POST", "/cases/<ref>/files", _ADD)
def add(given: dict[str, Any], ref: str) -> Answer:
    """Add a file to a case. The body is the file as it is, typed as what it is."""
    raw = request.get_data()[: LARGEST + 1]
    upload = Upload(given["name"], request.mimetype, raw)
    node, who = current.node(), current.visitor()
    added = attachments.attach(node, ref, upload, by=who)
    sealed = log.wait(node, added.ticket)
    shown = {
        "id": added.id,
        "seq": added.seq,
        "receipt_url": receipt_url(ref, added.seq),
    }
    return Answer(shown, sealed=sealed is not None)


@operation(slice_, "GET", "/files/<file_id>", Shape())
def show(file_id: str) -> Response:
    """Send a file of a case."""
    try:
        known = UUID(file_id)
    except ValueError as error:
        raise NotFound("There is no such file here.") from error
    opened = attachments.opened(current.node(), known, by=current.visitor())
    return uploads.answer(opened)
