"""One operation of the API: read what came, run it once, write what it returned.

The same key sent again gets the same answer, whatever the operation is.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial, wraps
from http import HTTPStatus
from typing import NoReturn, TypeVar, cast
from uuid import NAMESPACE_URL, UUID, uuid5

from flask import Request, Response, request
from flask_smorest import Blueprint
from marshmallow import Schema, ValidationError
from webargs.flaskparser import FlaskParser

from node import idempotency
from web import current
from web.casefiles import PREFIX
from web.guards.routes import ROUTES
from web.guards.table import Audience
from web.problems import KeyInvalid, KeyMissing, MediaWrong

JSON = "application/json"
#: The name of the answer every operation may give instead of its own.
REFUSED = "REFUSED"

_KEY = re.compile(r"[!-~]{1,255}")
#: Whoever is nobody shares one space of keys with everybody who is nobody.
_LONG_KEY = 16
#: Seconds after which to look again at what is not in the ledger yet.
_SOON = "1"
_KEY_HEADER = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "The same key twice does it once. Best a UUID; without a token it "
    f"has at least {_LONG_KEY} characters.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
}

View = TypeVar("View", bound=Callable[..., object])


class _Parser(FlaskParser):
    """Reads a body once, strictly, and leaves saying no to `web/errors.py`."""

    #: Whatever is not in the schema is refused, wherever it came from.
    DEFAULT_UNKNOWN_BY_LOCATION = dict[str, str | None]()  # noqa: RUF012 - as webargs

    def _raw_load_json(self, req: Request) -> object:
        if not req.get_data():
            return {}
        if not req.is_json:
            raise MediaWrong("Send JSON, and say so: Content-Type: application/json.")
        return req.get_json()

    def handle_error(
        self,
        error: ValidationError,
        _req: Request,
        _schema: Schema,
        *,
        error_status_code: int | None,  # noqa: ARG002 - webargs' signature
        error_headers: Mapping[str, str] | None,  # noqa: ARG002 - idem
    ) -> NoReturn:
        """Raise what is wrong with the fields, without webargs' own frame."""
        messages = error.messages
        if isinstance(messages, dict) and len(messages) == 1:
            raise ValidationError(next(iter(messages.values()))) from error
        raise error


class Slice(Blueprint):  # type: ignore[misc]  # it has no types
    """The operations of one slice."""

    ARGUMENTS_PARSER = _Parser()

    def __init__(self, name: str, description: str) -> None:
        super().__init__(
            f"api_{name}", __name__, url_prefix=PREFIX, description=description
        )


@dataclass(frozen=True, slots=True)
class Shape:
    """What an operation takes and gives."""

    gives: type[Schema] | None = None
    takes: type[Schema] | None = None
    status: int = 200
    #: Where the fields come from: `json` or `query`.
    where: str = "json"
    #: Whether it is refused without an Idempotency-Key.
    needs_key: bool = False
    #: Whether its use case knows the same call again by `effect_id`: no row is kept.
    knows_again: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What a view returns: a value to shape, and how far it got."""

    value: object = None
    #: Whether this was said before, to the same call.
    again: bool = False
    #: Whether it stands in the ledger; until then it is accepted, and no more (202).
    sealed: bool = True


def operation(
    slice_: Slice, method: str, path: str, shape: Shape
) -> Callable[[View], View]:
    """Make a view an operation: described, checked, and run once for each key."""

    def register(view: View) -> View:
        @wraps(view)
        def call(*args: object, **kwargs: object) -> Response:
            return _call(shape, partial(view, *args, **kwargs))

        gives = slice_.response(shape.status, shape.gives, content_type=JSON)
        documented = gives(call)
        if shape.takes is not None:
            documented = slice_.arguments(shape.takes, location=shape.where)(documented)
        documented = slice_.doc(
            **_doc(f"{slice_.name}.{view.__name__}", method, shape)
        )(documented)
        slice_.route(path, methods=[method])(documented)
        return view

    return register


def _doc(endpoint: str, method: str, shape: Shape) -> dict[str, object]:
    route = ROUTES[endpoint]
    public = route.audience is Audience.PUBLIC
    doc: dict[str, object] = {
        "security": [{"bearer": []}, {"link": []}, *([{}] if public else [])],
        "responses": {"default": {"$ref": f"#/components/responses/{REFUSED}"}},
        "description": f"Scope: `{route.scope}`.",
    }
    if method == "POST":
        doc["parameters"] = [{**_KEY_HEADER, "required": shape.needs_key}]
    return doc


def effect_id() -> UUID:
    """Return the id of what this call makes: the same for the same key."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return current.fresh_id()
    return uuid5(NAMESPACE_URL, f"{current.url(request.path)} {current.client()} {key}")


def _call(shape: Shape, view: Callable[[], object]) -> Response:
    key = request.headers.get("Idempotency-Key")
    if request.method != "POST":
        return _respond(shape, view())
    if key is None:
        if shape.needs_key:
            raise KeyMissing("Send an Idempotency-Key, so that twice is once.")
        return _respond(shape, view())
    if not _KEY.fullmatch(key):
        raise KeyInvalid("An Idempotency-Key has 1 to 255 visible characters.")
    if len(key) < _LONG_KEY and current.is_nobody():
        raise KeyInvalid(f"Without a token, a key has at least {_LONG_KEY} characters.")
    if shape.knows_again:
        return _respond(shape, view())
    return _once(shape, view, key)


def _once(shape: Shape, view: Callable[[], object], key: str) -> Response:
    def run() -> tuple[int, bytes]:
        response = _respond(shape, view())
        return response.status_code, response.get_data()

    what = f"{request.method} {request.path}"
    asked = idempotency.Request(current.client(), key, what, request.get_data())
    status, body, replayed = idempotency.once(current.node(), asked, run)
    response = _written(body, status)
    if replayed:
        response.headers["Idempotent-Replayed"] = "true"
    return response


def _written(body: bytes, status: int) -> Response:
    response = Response(body, status, content_type=JSON if body else None)
    if status == HTTPStatus.ACCEPTED:
        response.headers["Retry-After"] = _SOON
    return response


def _respond(shape: Shape, returned: object) -> Response:
    if isinstance(returned, Response):
        return returned
    answer = returned if isinstance(returned, Answer) else Answer(returned)
    status = shape.status if answer.sealed else HTTPStatus.ACCEPTED
    if shape.gives is None:
        return _written(b"", status)
    shown = cast("dict[str, object]", shape.gives().dump(answer.value))
    response = _written(json.dumps(shown, ensure_ascii=False).encode(), status)
    if answer.again:
        response.headers["Idempotent-Replayed"] = "true"
    return response
