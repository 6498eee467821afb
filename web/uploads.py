"""Files that came with a form, and files as they go out."""

from urllib.parse import quote

from flask import Response, request

from governance.errors import Invalid
from governance.files import LARGEST, Media
from node.attachments import Opened
from node.files import Upload
from web.guards.headers import SANDBOX

#: The control of a form that takes files.
FIELD = "files"
_CODES = "invalid.file-"


def of_form() -> tuple[Upload, ...]:
    """Return the files of a form; a control that was left empty brings none."""
    sent = [one for one in request.files.getlist(FIELD) if one.filename]
    found = []
    for one in sent:
        # A view that collided reads its form again.
        one.stream.seek(0)
        raw = one.stream.read(LARGEST + 1)
        found.append(Upload(one.filename or "", one.mimetype, raw))
    return tuple(found)


def is_about(refusal: Invalid) -> bool:
    """Say whether a refusal is about a file, and not about the words."""
    return refusal.code.startswith(_CODES)


def answer(opened: Opened) -> Response:
    """Hand over a file: a picture of ours is shown, all else is only saved."""
    line = opened.line
    response = Response(opened.raw, content_type=_type(line.media))
    shown = "inline" if line.picture else "attachment"
    plain = f"file.{line.name.rpartition('.')[2]}"
    response.headers["Content-Disposition"] = (
        f"{shown}; filename=\"{plain}\"; filename*=UTF-8''{quote(line.name, safe='')}"
    )
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


def _type(media: Media) -> str:
    return "text/plain; charset=utf-8" if media is Media.TEXT else media.value
