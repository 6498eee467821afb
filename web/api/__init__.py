"""The JSON API, version 1: the same use cases, refusals and walls as the pages.

It reads no cookie. A program brings a token of its member, or the link of one case.
"""

from flask import Flask
from flask_smorest import Api
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from web import errors
from web.api import (
    absences,
    access,
    bonds,
    breaches,
    cases,
    consents,
    data_requests,
    desk,
    erasures,
    feedback,
    files,
    grants,
    jobs,
    keeping,
    ladder,
    later,
    notes,
    notices,
    own_data,
    parties,
    people,
    pieces,
    plans,
    proving,
    proxies,
    receipts,
    releases,
    roster,
    search,
    snippets,
    spoken,
    submissions,
    teams,
    texts,
    together,
    topics,
    walls,
)
from web.api.operations import REFUSED
from web.schemas.api.base import Moment, Problem

SLICES = (
    submissions.slice_,
    cases.slice_,
    desk.slice_,
    ladder.slice_,
    later.slice_,
    plans.slice_,
    spoken.slice_,
    notices.slice_,
    notes.slice_,
    together.slice_,
    texts.slice_,
    snippets.slice_,
    bonds.slice_,
    pieces.slice_,
    proving.slice_,
    proxies.slice_,
    receipts.slice_,
    consents.slice_,
    erasures.slice_,
    keeping.slice_,
    own_data.slice_,
    parties.slice_,
    data_requests.slice_,
    releases.slice_,
    feedback.slice_,
    files.slice_,
    search.slice_,
    walls.slice_,
    people.slice_,
    access.slice_,
    grants.slice_,
    absences.slice_,
    topics.slice_,
    teams.slice_,
    roster.slice_,
    breaches.slice_,
    jobs.slice_,
)

_CONFIG = {
    "API_TITLE": "Folkmoot",
    "API_VERSION": "v1",
    "OPENAPI_VERSION": "3.1.0",
    "OPENAPI_URL_PREFIX": "/api",
    "OPENAPI_JSON_PATH": "openapi.json",
}
_SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer"},
    "link": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "`Link <token>`: the link to one case, as its teller got it.",
    },
    "party": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "`Party <token>`: the link of whom a member named in a case.",
    },
}
_PROBLEM = "application/problem+json"


class _Api(Api):  # type: ignore[misc]  # flask-smorest ships no types
    """Flask-smorest's description of the API, with our way of saying no."""

    ERROR_SCHEMA = Problem
    DEFAULT_RESPONSE_CONTENT_TYPE = _PROBLEM

    def handle_http_exception(self, error: HTTPException) -> Response:
        # It registers this for the whole application, pages included.
        return errors.http_exception(error)


def register(app: Flask) -> None:
    """Put every slice of the API into an application, and describe them."""
    app.config.update(_CONFIG)
    api = _Api(app)
    for name, scheme in _SCHEMES.items():
        api.spec.components.security_scheme(name, scheme)
    api.spec.components.response(
        REFUSED, {"description": "Refused.", "content": {_PROBLEM: {"schema": Problem}}}
    )
    api.register_field(Moment, "string", "date-time")
    for slice_ in SLICES:
        api.register_blueprint(slice_)
