import pytest
from flask import Blueprint
from marshmallow import ValidationError

from node.core import Collision
from tests.support import members
from tests.support.clients import Browser, Program, app_of
from tests.support.village import Village
from web import app as application
from web import assets, current
from web.guards import headers
from web.guards.routes import ROUTES, RouteUnknown
from web.guards.table import POST, Audience, Csrf, Route


@pytest.fixture(scope="module")
def ash(tmp_path_factory):
    village = Village(tmp_path_factory.mktemp("village"))
    yield village.found("https://ash.example")
    village.close()


@pytest.fixture
def village(tmp_path):
    village = Village(tmp_path)
    yield village
    village.close()


@pytest.fixture
def trial(ash, monkeypatch):
    """Returns a browser on an app with one more view: `trial(route, view)`."""

    def make(route, view):
        blueprint = Blueprint("trial", __name__)
        methods = sorted(route.methods)
        blueprint.add_url_rule("/trial", "view", view, methods=methods)
        blueprints = (*application.BLUEPRINTS, blueprint)
        monkeypatch.setitem(ROUTES, "trial.view", route)
        monkeypatch.setattr(application, "BLUEPRINTS", blueprints)
        return Browser(app_of(ash), ash)

    return make


PUBLIC, SHARED = Route(Audience.PUBLIC), Route(Audience.PUBLIC, shared=True)
#: Addresses that are secrets: who has one reads what is there.
SECRET = [
    "/receipt/x", "/receipt/x/file", "/tell/resume/x", "/tell/later", "/setup/x",
    "/sign-in/x", "/sign-in/sent", "/c/x", "/stop/x",
]  # fmt: skip
TOLD = {"text": "No heating", "contact": {"email": "ada@ash.example"}}
DOV = {"name": "Dov", "mail": "dov@ash.example"}


def test_every_endpoint_has_a_row_and_every_row_an_endpoint(ash):
    app = app_of(ash)

    assert {rule.endpoint for rule in app.url_map.iter_rules()} == ROUTES.keys()


def test_an_endpoint_without_a_row_stops_the_start(ash, monkeypatch):
    monkeypatch.delitem(ROUTES, "health.readyz")

    with pytest.raises(RouteUnknown, match=r"health\.readyz has no row"):
        app_of(ash)


def test_an_endpoint_that_takes_more_than_its_row_says_stops_the_start(
    ash, monkeypatch
):
    monkeypatch.setitem(ROUTES, "cases.withdraw", PUBLIC)

    with pytest.raises(RouteUnknown, match="takes"):
        app_of(ash)


def test_whatever_can_send_a_message_has_a_limit():
    sending = {name: row for name, row in ROUTES.items() if row.sends}

    assert sending
    assert all(row.throttle or row.limit for row in sending.values())


def test_a_view_that_collided_is_run_again(trial):
    runs = []

    def view():
        runs.append(1)
        if len(runs) < application.RUNS:
            raise Collision
        return "done"

    answer = trial(PUBLIC, view).get("/trial")

    assert (answer.status_code, answer.text, len(runs)) == (200, "done", 3)


def test_a_view_that_always_collides_is_given_up_politely(trial):
    runs = []

    def view():
        runs.append(1)
        raise Collision

    answer = trial(PUBLIC, view).get("/trial")

    assert (answer.status_code, len(runs)) == (503, application.RUNS)
    assert answer.headers["Retry-After"] == "1"


def test_what_a_view_wanted_kept_before_it_collided_is_forgotten(trial):

    runs = []

    def view():
        runs.append(1)
        current.choose(f"choice{len(runs)}", "x")
        if len(runs) == 1:
            raise Collision
        return "done"

    answer = trial(PUBLIC, view).get("/trial")

    kept = [it.partition("=")[0] for it in answer.headers.getlist("Set-Cookie")]
    assert kept == ["__Host-folkmoot-choice2"]


def test_a_form_with_problems_nobody_caught_is_unprocessable(trial):
    def view():
        raise ValidationError({"text": ["Missing."]})

    assert trial(PUBLIC, view).get("/trial").status_code == 422


@pytest.mark.parametrize(
    "path",
    ["/healthz", "/readyz", "/nothing", "/api/v1/nothing", "/api/v1/cases",
     "/problems/csrf", "/ledger/policy", "/api/openapi.json", "/static/0/none.css"],
)  # fmt: skip
def test_every_answer_wears_every_header(ash, path):
    answer = Browser(app_of(ash), ash).get(path)

    wanted = headers.standard(secure=True)
    if path == "/ledger/policy":  # scripts of other sites may read it
        wanted |= headers.ANYWHERE
    assert wanted.items() <= dict(answer.headers).items()
    assert len(answer.headers["X-Request-Id"]) == 32
    assert "Cache-Control" in answer.headers
    assert "Server" not in answer.headers


def test_only_where_a_library_needs_it_may_scripts_make_markup(trial):
    route = Route(Audience.PUBLIC, plain_strings=True)

    answer = trial(route, lambda: "desk").get("/trial")

    policy = answer.headers["Content-Security-Policy"]
    assert (
        policy + "; require-trusted-types-for 'script'"
        == (headers.STANDARD["Content-Security-Policy"])
    )


def test_without_https_nothing_is_said_about_transport(village):
    ash = village.found("http://localhost:8000", steward=DOV)

    answer = Browser(app_of(ash), ash).get("/healthz")

    assert "Strict-Transport-Security" not in answer.headers


def test_a_page_is_kept_by_nobody_unless_its_row_says_it_is_for_all(trial):
    answer = trial(PUBLIC, lambda: "page").get("/trial")

    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_shared_page_may_be_kept_by_whoever_is_nobody(trial):
    answer = trial(SHARED, lambda: "page").get("/trial")

    assert answer.headers["Cache-Control"] == "no-cache"
    assert {"Cookie", "Accept-Language"} <= answer.vary.as_set(preserve_casing=True)


def test_what_somebody_with_a_cookie_sees_is_kept_by_nobody(trial, ash):
    browser = trial(SHARED, lambda: "page")
    browser.sign_in(members.join(ash))

    answer = browser.get("/trial")

    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("path", SECRET)
def test_what_a_secret_address_opens_is_kept_by_nobody(ash, path):
    answer = Browser(app_of(ash), ash).get(path)

    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_static_file_has_the_address_of_its_content(ash):
    app = app_of(ash)
    address = assets.url("tokens.css")

    answer = Browser(app, ash).get(address)

    assert answer.status_code == 200
    assert answer.content_type == "text/css; charset=utf-8"
    assert answer.headers["Cache-Control"].endswith("immutable")
    with pytest.raises(LookupError):
        assets.url("nothing.css")


@pytest.mark.parametrize(
    "path",
    ["/static/0000000000000000/tokens.css", "/static/{digest}/nothing.css",
     "/static/{digest}/.hidden", "/static/tokens.css", "/tokens.css", "/static/"],
)  # fmt: skip
def test_nothing_else_is_a_static_file(ash, path):
    digest = assets.url("tokens.css").split("/")[2]

    answer = Browser(app_of(ash), ash).get(path.format(digest=digest))

    assert answer.status_code == 404


def test_a_form_larger_than_its_route_takes_is_refused_before_it_is_read(trial):
    route = Route(Audience.PUBLIC, POST, Csrf.NONE, body=100)
    browser = trial(route, lambda: "taken")

    small = browser.open("/trial", "POST", data=b"a" * 100)
    large = browser.open("/trial", "POST", data=b"a" * 101)

    assert (small.status_code, large.status_code) == (200, 413)


def test_a_node_that_is_well_says_so_and_no_more(ash):
    browser = Browser(app_of(ash), ash)

    assert browser.get("/healthz").json == {"status": "ok"}
    assert browser.get("/readyz").json == {"status": "ok"}


def test_a_node_whose_work_is_late_is_not_ready(village):
    ash = village.found("https://ash.example")
    app = app_of(ash)
    browser = Browser(app, ash)
    Program(app, ash).ask("POST", "/api/v1/submissions", TOLD, Idempotency_Key="1" * 16)
    village.pass_time(minutes=10)

    late = browser.get("/readyz")
    village.work(ash)
    done = browser.get("/readyz")

    assert (late.status_code, late.json) == (503, {"status": "unready"})
    assert done.status_code == 200


def test_no_debugger_whatever_the_environment_says(ash, monkeypatch):
    monkeypatch.setenv("FLASK_DEBUG", "1")

    assert app_of(ash).debug is False


def test_two_nodes_in_one_process_do_not_touch(village):
    ash = village.found("https://ash.example")
    birch = village.found("https://birch.example")
    browsers = [Browser(app_of(node), node) for node in (ash, birch)]

    keys = [browser.get("/ledger/keys.json").json for browser in browsers]

    assert keys[0]["log"] != keys[1]["log"]
