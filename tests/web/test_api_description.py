import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openapi_spec_validator import validate

from tests.support import members
from tests.support.clients import Program, app_of, token_of
from tests.support.village import Village
from web.guards.routes import ROUTES

leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
names = st.sampled_from(["text", "value", "contact", "amount", "purpose", "x"])


def around(below):
    """Return lists and objects of what there is already."""
    return st.lists(below, max_size=3) | st.dictionaries(names, below, max_size=4)


inner = leaves | around(leaves)
values = inner | around(inner)


@pytest.fixture(scope="module")
def ash(tmp_path_factory):
    village = Village(tmp_path_factory.mktemp("village"))
    yield village.found("https://ash.example")
    village.close()


@pytest.fixture(scope="module")
def app(ash):
    return app_of(ash)


@pytest.fixture(scope="module")
def description(ash, app):
    return Program(app, ash).ask("GET", "/api/openapi.json").json


def operations(description):
    for path, item in description["paths"].items():
        for method, operation in item.items():
            if method in {"get", "post", "put", "patch", "delete"}:
                yield path, method, operation


def test_the_description_is_openapi_3_1(description):
    validate(description)

    assert description["openapi"] == "3.1.0"


def test_every_operation_of_the_api_is_described(app, description):
    described = {(path, method) for path, method, _ in operations(description)}
    there = {
        (rule.rule.replace("<", "{").replace(">", "}"), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api_")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }

    plain = {(re.sub(r"\{[^{]*:", "{", path), it) for path, it in there}
    assert described == plain


def test_every_operation_says_what_it_does_and_how_it_refuses(description):
    for path, method, operation in operations(description):
        assert operation["summary"].endswith("."), path
        assert operation["responses"]["default"]["$ref"].endswith("/REFUSED")
        assert {"bearer": []} in operation["security"]
        if method == "post":
            assert operation["parameters"][0]["name"] == "Idempotency-Key"


def test_requests_are_closed_and_answers_are_open(description):
    schemas = description["components"]["schemas"]

    assert schemas["NewSubmission"]["additionalProperties"] is False
    assert schemas["MoveFields"]["additionalProperties"] is False
    assert "additionalProperties" not in schemas["CaseShown"]
    assert schemas["CaseShown"]["properties"]["received_at"]["format"] == "date-time"


def test_no_operation_of_the_api_reads_a_cookie():
    api = [row for name, row in ROUTES.items() if name.startswith("api_")]

    assert api
    assert all(row.csrf == "none" and (row.throttle or row.limit) for row in api)
    assert all(row.scope for row in api)


@settings(
    max_examples=60,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.data())
def test_whatever_is_sent_the_node_answers(ash, app, description, data):
    path, verb, _ = data.draw(st.sampled_from(list(operations(description))))
    method = verb.upper()
    address = path
    for name in re.findall(r"\{(\w+)\}", path):
        word = data.draw(st.sampled_from(["AM-2222222", "confirm", "0", "-1", "x"]))
        address = address.replace(f"{{{name}}}", word)
    authority = data.draw(st.sampled_from(["", "Bearer x", "Link x", _token(ash)]))
    body = data.draw(values) if method == "POST" else None
    key = data.draw(st.sampled_from(["1", "a" * 16, "b" * 16, " "]))

    answer = Program(app, ash, authority).ask(
        method, address, body, Idempotency_Key=key
    )

    assert answer.status_code < 500, (method, address)
    if answer.status_code >= 400:
        assert answer.content_type == "application/problem+json", (method, address)
        assert answer.json["status"] == answer.status_code


_tokens = {}


def _token(node):
    if node.settings.data not in _tokens:
        _tokens[node.settings.data] = token_of(node, members.join(node))
    return _tokens[node.settings.data]
