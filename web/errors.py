"""How every refusal and fault becomes an answer: a page for people, RFC 9457 else.

Hidden and absent things answer byte for byte alike, and what broke is never shown:
its trace goes to the log, its request id to the reader.
"""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from urllib.parse import urlencode

from flask import Flask, Response, redirect, request
from marshmallow import ValidationError
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.wrappers import Response as AnyResponse

from federation.errors import JsonMalformed, Rejected, Unverified
from governance.errors import (
    AuthRequired,
    Invalid,
    NotFound,
    Refusal,
    Throttled,
)
from node import folding
from node.core import Collision, Unready
from node.documents import accept_signature
from node.logging import frames, log
from node.proofs import CodeNeeded
from web import current, pages, problems
from web.answers import Said, answer, by_program
from web.guards.csrf import SAFE

#: Seconds after which asking again makes sense.
_AGAIN = {
    "busy": 1, "idempotency.running": 1, "ledger-read-only": 60, "read-only": 60,
    "unready": 5,
}  # fmt: skip
#: Where refusals between nodes have their names.
_FEP = "https://w3id.org/fep/c180"
_NOTHING_HERE = "There is nothing here, or nothing you may see."


def register(app: Flask) -> None:
    """Let this module answer for everything that goes wrong in an app."""
    app.register_error_handler(Refusal, refused)
    app.register_error_handler(Rejected, _rejected)
    app.register_error_handler(ValidationError, _unfit)
    app.register_error_handler(Collision, _collided)
    app.register_error_handler(Unready, _unready)
    app.register_error_handler(HTTPException, http_exception)
    if not app.testing:  # In tests what broke is shown where it broke.
        app.register_error_handler(Exception, _broken)


def refused(refusal: Refusal) -> AnyResponse:
    """Answer with what a rule of the community said."""
    status = problems.status_of(refusal.code)
    if isinstance(refusal, AuthRequired) and _is_visit():
        return redirect("/sign-in?" + urlencode({"next": _here()}), code=303)
    ref = (request.view_args or {}).get("ref")
    if isinstance(refusal, CodeNeeded) and _is_visit() and ref:
        asked = urlencode({"next": _here()})
        return redirect(f"/cases/{ref}/proof?{asked}", code=303)
    again = _AGAIN.get(refusal.code, 0)
    if isinstance(refusal, Throttled):
        again = refusal.retry_after
    title, reason = problems.sentence_of(type(refusal)), _reason(refusal)
    errors = []
    if "field" in refusal.values:
        pointer = f"/{_step(refusal.values['field'])}"
        errors = [{"pointer": pointer, "code": refusal.code, "detail": reason}]
    return answer(Said(refusal.code, status, title, reason, errors, again))


def _reason(refusal: Refusal) -> str:
    # A wall must not be told from an empty place by the words of the refusal.
    shown = NotFound(_NOTHING_HERE) if isinstance(refusal, NotFound) else refusal
    try:
        return pages.reason(shown)
    except (Collision, Unready):
        return shown.reason  # Which language this node speaks is in the database.


def http_exception(error: HTTPException) -> AnyResponse:
    """Answer for what the router or the library refused."""
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    if status < HTTPStatus.BAD_REQUEST:
        return error.get_response()
    if status == HTTPStatus.NOT_FOUND:
        return refused(NotFound(_NOTHING_HERE))
    kind = problems.BY_STATUS.get(status, problems.Malformed)
    title = problems.sentence_of(kind)
    response = answer(Said(kind.code, status, title, title))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def explanations() -> dict[str, str]:
    """Return every code this node answers with, and the sentence that explains it."""
    return problems.sentences() | {
        kind.code: (kind.__doc__ or "").partition("\n\n")[0] for kind in _rejections()
    }


def status_of(code: str) -> int:
    """Return the status that goes with a code."""
    rejections = {kind.code: kind.status for kind in _rejections()}
    return rejections.get(code) or problems.status_of(code)


def _rejections(kind: type[Rejected] = Rejected) -> Iterator[type[Rejected]]:
    yield kind
    for each in kind.__subclasses__():
        yield from _rejections(each)


def _rejected(rejected: Rejected) -> Response:
    title = explanations()[rejected.code]
    if isinstance(rejected, JsonMalformed):
        folding.warn(current.node(), rejected)
    said = Said(
        rejected.code, rejected.status, title, rejected.reason, again=rejected.again,
        kind=rejected.problem and f"{_FEP}#{rejected.problem}",
    )  # fmt: skip
    response = answer(said)
    if isinstance(rejected, Unverified):
        response.headers["Accept-Signature"] = accept_signature(
            post=request.method == "POST"
        )
    return response


def waits(reason: str) -> Response:
    """Answer another node whose activity was taken, and that a person decides on."""
    title = "A person decides about this."
    return answer(
        Said("approval.required", 202, title, reason, kind=f"{_FEP}#approval-required")
    )


def _unfit(error: ValidationError) -> Response:
    title = problems.sentence_of(Invalid)
    found = list(_findings(error.messages, ""))
    reason = f"{title} {' '.join(it['detail'] for it in found[:3])}"
    status = problems.status_of(Invalid.code)
    return answer(Said(Invalid.code, status, title, reason, errors=found))


def _findings(messages: object, pointer: str) -> Iterator[dict[str, str]]:
    """Yield what a schema found wrong, each with the place it was found at."""
    match messages:
        case Mapping():
            for name, below in messages.items():
                step = "" if name == "_schema" else f"/{_step(name)}"
                yield from _findings(below, pointer + step)
        case list():
            for each in messages:
                yield from _findings(each, pointer)
        case _:
            yield {"pointer": pointer, "code": Invalid.code, "detail": str(messages)}


def _step(name: object) -> str:
    return str(name).replace("~", "~0").replace("/", "~1")


def _collided(_collision: Collision) -> AnyResponse:
    return refused(problems.Busy("Somebody else was quicker. Please try again."))


def _unready(fault: Unready) -> AnyResponse:
    log().error(
        "http.unready",
        route=request.endpoint or "",
        problem=type(fault.__cause__ or fault).__name__,
        frames=frames(fault.__traceback__),
        request_id=current.request_id(),
    )
    return refused(problems.Unready("The node cannot work at the moment."))


def _broken(error: Exception) -> Response:
    log().error(
        "http.broken",
        route=request.endpoint or "",
        problem=type(error).__name__,
        frames=frames(error.__traceback__),
        request_id=current.request_id(),
    )
    title = problems.sentence_of(problems.Broken)
    return answer(Said(problems.Broken.code, 500, title, title))


def _is_visit() -> bool:
    return request.method in SAFE and not by_program()


def _here() -> str:
    query = request.query_string.decode("ascii", "ignore")
    return f"{request.path}?{query}" if query else request.path
