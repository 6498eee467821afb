"""The files of a case, for those who may see the case."""

from uuid import UUID

from flask import Blueprint, Response

from node import attachments
from web import current, uploads

blueprint = Blueprint("files", __name__)


@blueprint.get("/files/<uuid:file_id>")
def show(file_id: UUID) -> Response:
    """Hand over one file, to whoever has signed in."""
    opened = attachments.opened(current.node(), file_id, by=current.visitor())
    return uploads.answer(opened)


@blueprint.get("/cases/<ref>/files/<uuid:file_id>")
def of_case(ref: str, file_id: UUID) -> Response:
    """Hand over one file, also to whoever came by the case's link."""
    who = current.visitor()
    opened = attachments.opened(current.node(), file_id, by=who, reference=ref)
    return uploads.answer(opened)
