"""One Flask application for one node.

What every request meets is wired here, in this order: guard, admission, view, again
if it collided, errors, headers, one log line. Slices add theirs to `web.blueprints`.
"""

import json
from copy import copy
from functools import lru_cache
from typing import Any

from flask import Blueprint, Flask, Response, request
from flask.json.provider import DefaultJSONProvider
from flask.typing import ResponseReturnValue

from federation import strict
from node.core import Collision, Node
from node.logging import log
from web import api, assets, current, errors, pages
from web.blueprints import BLUEPRINTS
from web.guards import admission, headers
from web.guards.routes import ROUTES, check_complete
from web.guards.table import MEGABYTE, Route
from web.guards.wsgi import Guard

#: How often a view is run in all when somebody else was quicker.
RUNS = 3

_LARGEST_BODY = 30 * MEGABYTE


class StrictJson(DefaultJSONProvider):
    """Reads JSON the one way there is; writes it as anybody would."""

    def loads(self, s: str | bytes, **_: object) -> Any:
        """Return what a body says, or refuse it."""
        return strict.loads(s.encode() if isinstance(s, str) else s)

    def dumps(self, obj: object, **_: object) -> str:
        """Return a value as JSON, in UTF-8 and in the order it was built."""
        return json.dumps(obj, ensure_ascii=False)


class Application(Flask):
    """Flask, but a view that collided with another one is run again."""

    json_provider_class = StrictJson

    def dispatch_request(self) -> ResponseReturnValue:
        """Run the view, up to three times while others are quicker."""
        for _ in range(RUNS - 1):
            try:
                return super().dispatch_request()
            except Collision:
                current.start_over()
        return super().dispatch_request()


def create_app(node: Node, *, testing: bool = False) -> Flask:
    """Return the application of one node; two of them in one process do not touch."""
    # Routes and compiled templates are the same for every node: built once.
    app = copy(_built(BLUEPRINTS, testing))
    app.config, app.extensions = copy(app.config), copy(app.extensions)
    app.config["TRUSTED_HOSTS"] = [node.settings.hostname]
    app.extensions["folkmoot"] = node
    check_complete(app)
    app.wsgi_app = Guard(app.wsgi_app, node.settings)  # type: ignore[method-assign]
    return app


@lru_cache(maxsize=4)
def _built(blueprints: tuple[Blueprint, ...], testing: bool) -> Flask:  # noqa: FBT001 - as a key
    app = Application("web", static_folder=None)
    app.debug = False  # Whatever the environment says: no debugger, ever.
    app.testing = testing
    app.config.update(
        MAX_CONTENT_LENGTH=_LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=MEGABYTE,
        MAX_FORM_PARTS=100,
        PROVIDE_AUTOMATIC_OPTIONS=False,
    )
    app.url_map.strict_slashes = False
    app.before_request(_begin)
    app.after_request(_finish)
    for blueprint in blueprints:
        app.register_blueprint(blueprint)
    api.register(app)
    errors.register(app)
    assets.register(app)
    pages.install(app)
    app.jinja_env.globals.update(
        community=current.community,
        csrf_token=current.csrf_token,
        form_token=current.form_token,
        request_id=current.request_id,
        static=assets.url,
        visitor=current.visitor,
    )
    return app


def _begin() -> None:
    current.begin()
    admission.admit()


def _finish(response: Response) -> Response:
    route = ROUTES.get(request.endpoint or "", Route())
    current.finish(response)
    headers.dress(
        response,
        secure=current.node().settings.secure,
        personal=_is_personal(route),
        plain_strings=route.plain_strings,
        anywhere=route.anywhere,
    )
    response.headers["X-Request-Id"] = current.request_id()
    log().info(
        "http.request",
        route=request.endpoint or "",
        method=request.method,
        status=response.status_code,
        ms=current.elapsed_ms(),
        request_id=current.request_id(),
    )
    return response


def _is_personal(route: Route) -> bool:
    return (
        not route.shared
        or current.has_cookies()
        or request.method not in {"GET", "HEAD"}
        or "Authorization" in request.headers
    )
