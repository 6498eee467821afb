import json
from contextlib import contextmanager

import pytest
from flask import Blueprint
from marshmallow import ValidationError
from werkzeug.exceptions import HTTPException

from federation.errors import Rejected
from governance import errors as refusals
from node.core import Unready
from node.log import LedgerReadOnly
from node.logging import FIELDS
from tests.support.clients import Browser, Program, app_of
from tests.support.village import Village
from web import app as application
from web import errors, problems
from web.app import create_app
from web.guards.routes import ROUTES
from web.guards.table import BOTH, Audience, Csrf, Route


@pytest.fixture(scope="module")
def ash(tmp_path_factory):
    village = Village(tmp_path_factory.mktemp("village"))
    yield village.found("https://ash.example")
    village.close()


@pytest.fixture
def raising(ash, monkeypatch):
    """Returns an app in which `/trial` and `/api/trial` raise what is given."""

    def make(error, **options):
        blueprint = Blueprint("trial", __name__)

        def view():
            raise error

        for path, endpoint in (("/trial", "page"), ("/api/trial", "api")):
            blueprint.add_url_rule(path, endpoint, view, methods=["GET", "POST"])
            row = Route(Audience.PUBLIC, BOTH, Csrf.NONE)
            monkeypatch.setitem(ROUTES, f"trial.{endpoint}", row)
        blueprints = (*application.BLUEPRINTS, blueprint)
        monkeypatch.setattr(application, "BLUEPRINTS", blueprints)
        return create_app(ash, **options)

    return make


STATUSES = [
    (refusals.NotFound, 404),
    (refusals.NotYours, 403),
    (refusals.WrongState, 409),
    (refusals.Conflict, 409),
    (refusals.SecondPerson, 409),
    (refusals.ReasonMissing, 409),
    (refusals.ConsentMissing, 403),
    (refusals.Invalid, 422),
    (refusals.WordsMissing, 422),
    (refusals.AuthScope, 403),
    (refusals.AuthRequired, 401),
    (refusals.IdempotencyMismatch, 422),
    (refusals.ReadOnly, 503),
    (LedgerReadOnly, 503),
    (refusals.Refusal, 409),
    (problems.CrossSite, 403),
    (problems.TooLarge, 413),
    (problems.MediaWrong, 415),
    (problems.KeyMissing, 400),
]


@pytest.mark.parametrize(("kind", "status"), STATUSES)
def test_a_refusal_is_a_problem_document_for_programs(raising, ash, kind, status):
    app = raising(kind("Because."), testing=True)

    answer = Program(app, ash).ask("GET", "/api/trial")

    hidden = kind is refusals.NotFound
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert answer.json == {
        "type": f"https://ash.example/problems/{kind.code}",
        "title": problems.sentence_of(kind),
        "status": status,
        "detail": answer.json["detail"] if hidden else "Because.",
        "code": kind.code,
        "request_id": answer.headers["X-Request-Id"],
    }


def test_a_refusal_is_a_page_for_people(raising, ash):
    app = raising(refusals.WrongState("It was <closed>."), testing=True)

    answer = Browser(app, ash).post("/trial", {})

    assert answer.status_code == 409
    assert answer.mimetype == "text/html"
    assert "It was &lt;closed&gt;." in answer.text


def test_hidden_and_absent_are_one_answer(raising, ash):
    first = raising(refusals.NotFound("Ada's case is walled."), testing=True)
    answers = [
        Program(first, ash).ask("GET", path) for path in ("/api/trial", "/api/nothing")
    ]

    bodies = [{**it.json, "request_id": ""} for it in answers]
    assert bodies[0] == bodies[1]
    assert "Ada" not in answers[0].text
    assert answers[0].status_code == answers[1].status_code == 404


def test_who_comes_too_often_is_told_when_to_come_back(raising, ash):
    app = raising(refusals.Throttled("Too often.", retry_after=77), testing=True)

    answer = Program(app, ash).ask("GET", "/api/trial")

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "77")


def test_a_program_without_a_token_is_told_how_to_bring_one(raising, ash):
    app = raising(refusals.AuthRequired("Sign in."), testing=True)

    answer = Program(app, ash).ask("GET", "/api/trial")

    assert answer.headers["WWW-Authenticate"].startswith("Bearer ")


def test_a_visit_without_a_session_goes_to_the_door_and_comes_back(raising, ash):
    app = raising(refusals.AuthRequired("Sign in."), testing=True)

    visit = Browser(app, ash).get("/trial?a=b")
    form = Browser(app, ash).post("/trial", {})

    assert visit.status_code == 303
    assert visit.headers["Location"] == "/sign-in?next=%2Ftrial%3Fa%3Db"
    assert form.status_code == 401


def test_what_is_wrong_with_fields_is_said_at_each(raising, ash):
    wrong = {"text": ["Missing."], "value": {"amount": ["No."]}, "a/b": ["Unknown."]}
    app = raising(ValidationError(wrong), testing=True)

    answer = Program(app, ash).ask("GET", "/api/trial")

    assert answer.status_code == 422
    assert answer.json["errors"] == [
        {"pointer": "/text", "code": "invalid", "detail": "Missing."},
        {"pointer": "/value/amount", "code": "invalid", "detail": "No."},
        {"pointer": "/a~1b", "code": "invalid", "detail": "Unknown."},
    ]


def test_a_rule_that_names_a_field_points_at_it(raising, ash):
    refusal = refusals.ChoiceInvalid("Choose.", field="topic")

    answer = Program(raising(refusal, testing=True), ash).ask("GET", "/api/trial")

    assert answer.json["errors"][0]["pointer"] == "/topic"


def test_the_protocol_says_no_with_its_own_status(raising, ash):
    class Gone(Rejected):
        """It was here."""

        status, code = 410, "gone"

    answer = Program(raising(Gone("It went."), testing=True), ash).ask(
        "GET", "/api/trial"
    )

    assert (answer.status_code, answer.json["detail"]) == (410, "It went.")


@pytest.mark.parametrize("path", ["/trial", "/api/trial"])
def test_what_broke_is_not_shown_and_its_text_not_logged(raising, ash, path, capsys):
    app = raising(RuntimeError("Ada's secret words"))

    answer = Browser(app, ash).get(path)

    assert answer.status_code == 500
    said = answer.text + capsys.readouterr().out
    assert "secret" not in said
    assert "Traceback" not in said
    assert "http.broken" in said
    assert "RuntimeError" in said


TYPED = {"text": "My <words>.", "csrf": "never-shown", "contact": "ada@ash.example"}


@pytest.mark.parametrize("kind", [problems.CrossSite, refusals.AuthRequired])
def test_words_that_were_not_taken_stand_there_to_copy(raising, ash, kind):
    app = raising(kind("Again, please."), testing=True)

    answer = Browser(app, ash).post("/trial", TYPED)

    assert "My &lt;words&gt;.</textarea>" in answer.text
    assert "never-shown" not in answer.text
    assert "ada@ash.example" not in answer.text


def test_words_another_site_sent_are_not_repeated(raising, ash):
    app = raising(problems.CrossSite("Not from here."), testing=True)
    elsewhere = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}

    answer = Browser(app, ash).post("/trial", TYPED, headers=elsewhere)

    assert answer.status_code == 403
    assert "My &lt;words" not in answer.text


def test_more_than_is_read_is_not_read_to_be_shown(ash):
    answer = Browser(app_of(ash), ash).post("/sign-in", {"text": "x" * 100_000})

    assert answer.status_code == 413
    assert "xxx" not in answer.text


def test_a_form_of_too_many_parts_is_not_shown_either(ash):
    parts = {"data": {f"n{number}": "x" for number in range(200)}}
    multipart = {**parts, "content_type": "multipart/form-data"}

    answer = Browser(app_of(ash), ash).open("/sign-in", "POST", **multipart)

    assert answer.status_code == 413


def test_a_database_that_fails_is_no_fault_of_whoever_asks(
    raising, ash, monkeypatch, capsys
):
    app = raising(Unready("sqlite3: disk I/O error"))

    @contextmanager
    def broken():
        raise Unready
        yield

    monkeypatch.setattr(ash.database, "reading", broken)
    answers = [Browser(app, ash).post("/trial", TYPED)]
    answers += [Program(app, ash).ask("GET", "/api/trial")]

    for answer in answers:
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert "disk I/O" not in answer.text
    assert answers[1].json["code"] == "unready"
    assert "My &lt;words&gt;.</textarea>" in answers[0].text
    assert "http.unready" in capsys.readouterr().out


@pytest.mark.parametrize("path", ["/trial", "/api/trial"])
@pytest.mark.parametrize("fault", [RuntimeError("Broken."), Unready("No answer.")])
def test_nobody_is_told_that_nothing_was_changed_when_it_may_have_been(
    raising, ash, fault, path
):
    answer = Browser(raising(fault), ash).get(path)

    assert answer.status_code >= 500
    assert "othing was changed" not in answer.text


def test_a_broken_error_page_still_says_something(raising, ash, monkeypatch):
    app = raising(refusals.WrongState("It was <closed>."), testing=True)
    monkeypatch.setattr(app.jinja_env, "loader", None)
    monkeypatch.setattr(app.jinja_env, "cache", None)

    answer = Browser(app, ash).post("/trial", {})

    assert answer.status_code == 409
    assert "It was &lt;closed&gt;." in answer.text


def test_a_method_a_route_does_not_take_is_named_with_those_it_takes(ash):
    app = app_of(ash)

    answers = [
        Program(app, ash).ask("POST", "/healthz"),
        Program(app, ash).ask("PUT", "/api/v1/submissions"),
        Program(app, ash).ask("DELETE", "/api/v1/cases/AM-1"),
    ]

    assert [it.status_code for it in answers] == [405, 405, 405]
    allowed = [it.headers["Allow"] for it in answers]
    assert allowed == ["GET, HEAD", "POST", "GET, HEAD"]


def test_a_redirect_is_no_error(raising, ash):
    class Moved(HTTPException):
        code = 307

    answer = Browser(raising(Moved(), testing=True), ash).get("/trial")

    assert answer.status_code == 307


def test_every_code_is_explained_by_a_sentence_and_a_page(ash):
    browser = Browser(app_of(ash), ash)

    for code, sentence in errors.explanations().items():
        page = browser.get(f"/problems/{code}")
        assert page.status_code == 200, code
        assert sentence.rstrip(".")[:20] in page.text.replace("&#x27;", "'"), code
        assert str(errors.status_of(code)) in page.text
    assert browser.get("/problems/none.such").status_code == 404


def test_a_request_is_one_line_without_path_query_or_address(ash, capsys):
    app = app_of(ash)
    capsys.readouterr()

    Browser(app, ash).get("/ledger/tile/canary?canary=1")

    line = capsys.readouterr().out
    assert "canary" not in line
    assert "127.0.0.1" not in line
    assert "route=ledger.tile" in line
    assert {"route", "method", "status", "ms", "request_id"} <= FIELDS


def test_a_problem_is_in_the_language_of_whoever_asks(ash):
    program = Program(app_of(ash), ash)

    answer = program.ask("GET", "/api/v1/cases", Accept_Language="es")

    assert json.loads(answer.text)["code"] == "auth.required"
