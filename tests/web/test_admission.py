import pytest
from flask import Blueprint

from node import accounts, throttle
from tests.support import members
from tests.support.clients import CASE, SESSION, Browser, Program, app_of, token_of
from tests.support.village import Village
from web import app as application
from web import current
from web.guards.routes import ROUTES
from web.guards.table import BOTH, Audience, Csrf, Route
from web.places import local


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
def doors(monkeypatch):
    """Returns a node's app with a door for each route: `/<name>` takes GET and POST."""

    def make(node, **routes):
        blueprint = Blueprint("trial", __name__)
        for name, route in routes.items():
            path = f"/{name}" if route.csrf is Csrf.FORM else f"/api/{name}"
            blueprint.add_url_rule(path, name, _open, methods=["GET", "POST"])
            monkeypatch.setitem(ROUTES, f"trial.{name}", route)
        blueprints = (*application.BLUEPRINTS, blueprint)
        monkeypatch.setattr(application, "BLUEPRINTS", blueprints)
        return app_of(node)

    return make


def _open():
    return current.visitor().name or "somebody"


@pytest.fixture(scope="module")
def people(ash):
    roles = {
        "ada": (), "cleo": ("advocate",), "cora": ("coordinator",),
        "dov": ("steward",), "finn": ("auditor",),
    }  # fmt: skip
    return {
        name: members.join(ash, f"{name}@ash.example", *held)
        for name, held in roles.items()
    }


#: Who comes in where. This is the policy, written down a second time.
LET_IN = {
    Audience.PUBLIC: {"nobody", "ada", "cleo", "cora", "dov", "finn"},
    Audience.GUEST: {"ada", "cleo", "cora", "dov", "finn"},
    Audience.MEMBER: {"ada", "cleo", "cora", "dov", "finn"},
    Audience.ADVOCATE: {"cleo", "cora"},
    Audience.COORDINATOR: {"cora"},
    Audience.STEWARD: {"dov"},
    Audience.AUDITOR: {"dov", "finn"},
}


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("who", ["nobody", "ada", "cleo", "cora", "dov", "finn"])
def test_a_door_opens_to_its_audience_alone(doors, ash, people, audience, who):
    browser = Browser(doors(ash, door=Route(audience, BOTH)), ash)
    if who != "nobody":
        browser.sign_in(people[who])

    looks, sends = browser.get("/door"), browser.post("/door", {})

    refused = (303, 401) if who == "nobody" else (403, 403)
    expected = (200, 200) if who in LET_IN[audience] else refused
    assert (looks.status_code, sends.status_code) == expected


def test_a_role_that_was_taken_away_opens_nothing_at_the_next_click(village, doors):
    ash = village.found("https://ash.example")
    browser = Browser(doors(ash, door=Route(Audience.ADVOCATE, BOTH)), ash)
    ada = members.join(ash)
    members.give(ash, ada, "advocate", minutes=1)
    browser.sign_in(ada)
    before = browser.get("/door")

    village.pass_time(minutes=2)

    assert (before.status_code, browser.get("/door").status_code) == (200, 403)


def test_a_program_needs_the_scope_of_the_door(doors, ash, people):
    row = Route(Audience.MEMBER, BOTH, Csrf.NONE, scope="cases:write")
    app = doors(ash, door=row)
    right = Program(app, ash, token_of(ash, people["ada"], "cases:write"))
    other = Program(app, ash, token_of(ash, people["ada"], "cases:read"))

    assert right.ask("POST", "/api/door").status_code == 200
    assert other.ask("POST", "/api/door").json["code"] == "auth.scope"


@pytest.mark.parametrize(
    "authority",
    ["Bearer nonsense", "Link nonsense", "Basic YTpi", "Bearer", "bearer  "],
)
def test_a_token_that_is_none_is_refused_even_where_none_is_needed(
    doors, ash, authority
):
    row = Route(Audience.PUBLIC, BOTH, Csrf.NONE, scope="cases:write")
    app = doors(ash, door=row)

    assert Program(app, ash, authority).ask("POST", "/api/door").status_code == 401


def test_a_program_is_not_known_by_a_cookie(doors, ash, people):
    browser = Browser(doors(ash, door=Route(Audience.MEMBER, BOTH, Csrf.NONE)), ash)
    browser.sign_in(people["ada"])

    assert browser.get("/api/door").status_code == 401


def test_a_page_is_not_known_by_a_token(doors, ash, people):
    app = doors(ash, door=Route(Audience.MEMBER, BOTH))
    program = Program(app, ash, token_of(ash, people["ada"]))

    assert program.ask("GET", "/door").status_code == 303


def test_every_call_of_a_program_is_counted(village, doors):
    ash = village.found("https://ash.example")
    row = Route(Audience.PUBLIC, BOTH, Csrf.NONE, throttle="api")
    program = Program(doors(ash, door=row), ash)

    seen = [program.ask("GET", "/api/door").status_code for _ in range(301)]

    assert seen == [200] * 300 + [429]


COUNTED = Route(Audience.PUBLIC, BOTH, Csrf.NONE, scope="cases:read", throttle="api")


def test_guessing_tokens_is_slowed_down_however_many_are_tried(village, doors):
    ash = village.found("https://ash.example")
    app = doors(ash, door=COUNTED)

    seen = [
        Program(app, ash, f"Bearer guess-{number}").ask("GET", "/api/door").status_code
        for number in range(301)
    ]

    assert seen == [401] * 300 + [429]


def test_a_token_is_counted_once_however_it_is_written(village, doors):
    ash = village.found("https://ash.example")
    app = doors(ash, door=COUNTED)
    token = token_of(ash, members.join(ash)).removeprefix("Bearer ")
    ways = [f"Bearer {token}", f"bearer  {token}", f"BEARER {token}"]

    seen = [
        Program(app, ash, ways[number % 3]).ask("GET", "/api/door").status_code
        for number in range(301)
    ]

    assert seen == [200] * 300 + [429]


def test_a_token_does_not_pay_for_its_neighbours(village, doors):
    ash = village.found("https://ash.example")
    app = doors(ash, door=COUNTED)
    known = Program(app, ash, token_of(ash, members.join(ash)))
    for _ in range(300):
        throttle.spend(ash, "api", "127.0.0.1")

    guess = Program(app, ash, "Bearer guess").ask("GET", "/api/door")

    assert guess.status_code == 429
    assert known.ask("GET", "/api/door").status_code == 200


# Sent from here, and meant.

SITES = ["same-origin", "none"]


@pytest.mark.parametrize("site", SITES)
def test_a_form_of_ours_is_taken(doors, ash, people, site):
    browser = Browser(doors(ash, door=Route(Audience.MEMBER, BOTH)), ash)
    browser.sign_in(people["ada"])

    answer = browser.post("/door", {}, headers={"Sec-Fetch-Site": site})

    assert answer.status_code == 200


ELSEWHERE = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
    {"Sec-Fetch-Site": "", "Origin": "https://evil.example"},
    {"Sec-Fetch-Site": "", "Origin": "null"},
    {"Sec-Fetch-Site": "", "Origin": "http://ash.example"},
    {"Sec-Fetch-Site": "", "Origin": "https://ash.example:8443"},
    {"Sec-Fetch-Site": "", "Origin": "https://ash.example.evil.example"},
    {"Sec-Fetch-Site": ""},
]


@pytest.mark.parametrize("headers", ELSEWHERE, ids=str)
def test_a_form_from_elsewhere_is_refused_to_whoever_has_a_cookie(
    doors, ash, people, headers
):
    browser = Browser(doors(ash, door=Route(Audience.MEMBER, BOTH)), ash)
    browser.sign_in(people["ada"])

    answer = browser.post("/door", {}, headers=headers)

    assert answer.status_code == 403


def test_an_older_browser_that_names_its_origin_is_taken(doors, ash, people):
    browser = Browser(doors(ash, door=Route(Audience.MEMBER, BOTH)), ash)
    browser.sign_in(people["ada"])

    answer = browser.http.post(
        "/door",
        base_url="https://ash.example",
        data=browser.hidden(),
        headers={"Origin": "https://ash.example"},
    )

    assert answer.status_code == 200


def test_a_form_without_its_token_or_with_anothers_is_refused(doors, ash, people):
    app = doors(ash, door=Route(Audience.MEMBER, BOTH))
    ada, ben = Browser(app, ash), Browser(app, ash)
    ada.sign_in(people["ada"])
    ben.sign_in(people["cleo"])

    assert ada.open("/door", "POST").status_code == 403
    assert ada.post("/door", {"csrf": "nonsense"}).status_code == 403
    assert ada.post("/door", {"csrf": ben.hidden()["csrf"]}).status_code == 403


def test_a_script_of_ours_brings_the_token_in_a_header(doors, ash, people):
    browser = Browser(doors(ash, door=Route(Audience.MEMBER, BOTH)), ash)
    browser.sign_in(people["ada"])
    token = browser.hidden()["csrf"]

    answer = browser.open("/door", "POST", json={}, headers={"X-CSRF-Token": token})

    assert answer.status_code == 200


def test_a_form_without_a_session_carries_a_signed_moment(doors, ash):
    browser = Browser(doors(ash, door=Route(Audience.PUBLIC, BOTH)), ash)

    assert browser.post("/door", {}).status_code == 200
    assert browser.open("/door", "POST").status_code == 403
    assert browser.post("/door", {"form_token": "AAAA"}).status_code == 403


def test_somebody_without_cookies_need_not_say_where_they_come_from(doors, ash):
    app = doors(ash, door=Route(Audience.PUBLIC, BOTH))
    token = accounts.form_token(ash, ash.now())

    answer = app.test_client().post(
        "/door", base_url="https://ash.example", data={"form_token": token}
    )

    assert answer.status_code == 200


def test_a_cookie_that_was_planted_beside_ours_is_not_believed(doors, ash, people):
    app = doors(ash, door=Route(Audience.MEMBER, BOTH))
    token = members.enter(ash, people["ada"]).session_token

    def visit(cookies):
        headers = {"Cookie": cookies}
        return app.test_client(use_cookies=False).get(
            "/door", base_url="https://ash.example", headers=headers
        )

    assert visit(f"{SESSION}={token}").status_code == 200
    assert visit(f"{SESSION}=planted; {SESSION}={token}").status_code == 303
    assert visit(f"={SESSION}={token}").status_code == 303
    assert visit(f"{SESSION.lower()}={token}").status_code == 303
    assert visit(f"folkmoot={token}").status_code == 303


def test_a_case_cookie_that_opens_nothing_is_nobody(doors, ash):
    browser = Browser(doors(ash, door=Route(Audience.GUEST, BOTH)), ash)
    browser.http.set_cookie(CASE, "nonsense", domain="ash.example")

    assert browser.get("/door").status_code == 303


# Where to go afterwards.


@pytest.mark.parametrize("path", ["/", "/me", "/cases/AM-7F3K", "/a/b?c=d&e=f%20g"])
def test_a_path_of_ours_is_gone_to(path):
    assert local(path, otherwise="/me") == path


@pytest.mark.parametrize(
    "path",
    ["", "me", "//evil", "/\\evil", "https:evil", "https://evil", "%2f%2fevil",
     "/%2fevil", "/%5cevil", "/a\r\nSet-Cookie: b", "/a%0d%0ab", "\u2215\u2215evil",
     "/\u2215evil", "/\tevil", "/a//evil", "/../a", "javascript:alert(1)",
     "/?next=//evil", " /a"],
)  # fmt: skip
def test_anywhere_else_is_not(path):
    assert local(path, otherwise="/me") == "/me"
