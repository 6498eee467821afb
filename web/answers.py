"""How a refusal looks: a page for people, an RFC 9457 document for programs.

Neither says more than the refusal itself. When templates are what failed, the plainest
page there is says it.
"""

import json
import re
from dataclasses import dataclass, field
from html import escape
from http import HTTPStatus

from flask import Response, render_template, request
from werkzeug.exceptions import HTTPException

from node.logging import frames, log
from web import current
from web.guards import csrf

#: Addresses that programs ask; everything else is read by people.
_PROGRAMS = (
    "/api/", "/ap/", "/inbox", "/ledger/checkpoint", "/ledger/payload/",
    "/ledger/tags", "/ledger/tile/", "/mirror/", "/oauth/", "/witness/",
    "/.well-known/",
)  # fmt: skip
_NEXT_LOG = re.compile("/ledger/[0-9]+/.")

#: The fields of our forms that take somebody's words. No other is ever shown again.
WORDS = (
    "text", "wanted", "write", "reason", "reply", "ask", "resolve", "obtained", "why"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """What a refusal says, before it is anything to read."""

    code: str
    status: int
    title: str
    reason: str
    #: What is wrong with single fields: pointer, code, detail.
    errors: list[dict[str, str]] = field(default_factory=list)
    #: Seconds after which asking again makes sense.
    again: int = 0
    #: The address that names the kind of refusal, where it is not a page of ours.
    kind: str = ""


def by_program() -> bool:
    """Say whether a program asked, which reads documents and no pages."""
    path = request.path
    return path.startswith(_PROGRAMS) or _NEXT_LOG.match(path) is not None


def answer(said: Said) -> Response:
    """Return a refusal as whoever asked can read it."""
    response = _problem(said) if by_program() else Response(_page(said))
    response.status_code = said.status
    if said.again:
        response.headers["Retry-After"] = str(said.again)
    return response


def _problem(said: Said) -> Response:
    document: dict[str, object] = {
        "type": said.kind or current.url(f"/problems/{said.code}"),
        "title": said.title,
        "status": said.status,
        "detail": said.reason,
        "code": said.code,
        "request_id": current.request_id(),
    }
    if said.errors:
        document["errors"] = said.errors
    body = json.dumps(document, ensure_ascii=False)
    response = Response(body, content_type="application/problem+json")
    if said.status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = 'Bearer realm="folkmoot"'
    return response


def _page(said: Said) -> str:
    large = said.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    typed = _typed(large=large)
    try:
        return render_template(
            "error.html",
            bare=said.status >= HTTPStatus.INTERNAL_SERVER_ERROR,
            status=said.status,
            code=said.code,
            title=said.title,
            reason=said.reason,
            request_id=current.request_id(),
            retry_after=said.again,
            typed=typed,
        )
    except Exception as error:  # noqa: BLE001 - an error page must not be what fails
        log().error(
            "http.error-page",
            problem=type(error).__name__,
            frames=frames(error.__traceback__),
        )
        return bare_page(said.title, said.reason, current.request_id(), typed=typed)


def _typed(*, large: bool) -> str:
    """Return the words somebody sent from a page of ours, for them to copy.

    What is too large is not read to be shown: it was refused unread.
    """
    if request.method in csrf.SAFE or large or not csrf.from_here():
        return ""
    try:
        found = [request.form.get(name, "") for name in WORDS]
    except HTTPException:
        return ""  # It cannot be read: that is what the page is about.
    return "\n\n".join(text for text in found if text.strip())


def bare_page(title: str, *lines: str, typed: str = "") -> str:
    """Return the plainest page there is, for when templates are what failed."""
    body = "".join(f"<p>{escape(line)}</p>" for line in lines)
    if typed:
        body += f"<textarea rows=12 cols=60 readonly>\n{escape(typed)}</textarea>"
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8">'
        f"<title>{escape(title)}</title><h1>{escape(title)}</h1>{body}"
        f'<p><a href="/">Start again</a></p></html>'
    )
