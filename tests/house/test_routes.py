import re

import pytest
from flask import Flask

from tests.house.reading import CODE, name, text
from web.api import SLICES
from web.blueprints import BLUEPRINTS
from web.guards.routes import ROUTES

#: Endpoints that Flask and flask-smorest declare.
BY_LIBRARIES = {"static", "api-docs.openapi_json"}
DECLARED = re.compile(r"^@\w+\.(?:get|post|put|patch|delete|route)\(", re.MULTILINE)


@pytest.fixture(scope="module")
def endpoints():
    app = Flask("routes")
    for blueprint in (*BLUEPRINTS, *SLICES):
        app.register_blueprint(blueprint)
    return {rule.endpoint for rule in app.url_map.iter_rules()}


def test_every_route_has_an_audience(endpoints):
    assert endpoints - ROUTES.keys() == set()


def test_every_audience_belongs_to_a_route(endpoints):
    assert ROUTES.keys() - endpoints - BY_LIBRARIES == set()


def test_views_are_declared_where_people_look_for_them():
    declaring = {
        name(path)
        for path in CODE
        if name(path).startswith("web/") and DECLARED.search(text(path))
    }

    assert all(place.startswith(("web/views/", "web/api/")) for place in declaring)
