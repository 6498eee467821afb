import re
from collections import defaultdict

import pytest
from flask import Flask

from tests.browser.places import NO_PAGES, PAGES
from tests.house.reading import CODE, name, text
from web.api import SLICES
from web.blueprints import BLUEPRINTS
from web.guards import pages
from web.guards.routes import ROUTES

#: Endpoints that Flask and flask-smorest declare.
BY_LIBRARIES = {"static", "api-docs.openapi_json"}
DECLARED = re.compile(r"^@\w+\.(?:get|post|put|patch|delete|route)\(", re.MULTILINE)


#: Stands for whatever a place in an address is called.
ANY = defaultdict(lambda: "7b0a4a4e-5a7c-4c0e-9d53-0d2f3c1b8a11")


@pytest.fixture(scope="module")
def addresses():
    app = Flask("routes")
    app.url_map.strict_slashes = False
    for blueprint in (*BLUEPRINTS, *SLICES):
        app.register_blueprint(blueprint)
    return app.url_map


@pytest.fixture(scope="module")
def endpoints(addresses):
    return {rule.endpoint for rule in addresses.iter_rules()}


def test_every_route_has_an_audience(endpoints):
    assert endpoints - ROUTES.keys() == set()


def test_every_audience_belongs_to_a_route(endpoints):
    assert ROUTES.keys() - endpoints - BY_LIBRARIES == set()


def test_a_browser_looks_at_every_page(addresses):
    here = addresses.bind("localhost")
    paths = [path.format_map(ANY).partition("?")[0] for _, path in PAGES.values()]
    looked_at = {here.match(path)[0] for path in paths if here.test(path)}
    opened = {name for name, row in pages.PAGES.items() if "GET" in row.methods}

    assert opened - looked_at == NO_PAGES.keys()


def test_views_are_declared_where_people_look_for_them():
    declaring = {
        name(path)
        for path in CODE
        if name(path).startswith("web/") and DECLARED.search(text(path))
    }

    assert all(place.startswith(("web/views/", "web/api/")) for place in declaring)
