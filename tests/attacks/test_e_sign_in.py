"""Sign-in and sessions: not forced, not fixed, not replayed, and over when over."""

import re

import pytest
from sqlalchemy import func, select

from node import accounts, throttle
from node.models.accounts import SignIn
from node.models.cases import Case
from tests.support import members
from tests.support.clients import SESSION, Browser, Program, address_of, app_of
from tests.support.village import Village
from web.guards.routes import ROUTES
from web.guards.table import Csrf

TELL = "/api/v1/submissions"


class Place:
    """A node with one member."""

    def __init__(self, folder):
        self.village = Village(folder)
        self.node = self.village.found("https://ash.example")
        self.app = app_of(self.node)
        self.ada = members.join(self.node)

    def browser(self):
        browser = Browser(self.app, self.node)
        browser.sign_in(self.ada)
        return browser

    def visit(self, cookies, path="/api/v1/cases", **headers):
        client = self.app.test_client(use_cookies=False)
        given = {"Cookie": cookies, **headers}
        return client.get(path, base_url="https://ash.example", headers=given)

    def count(self, model):
        with self.node.read() as tx:
            return tx.scalar(select(func.count()).select_from(model))


@pytest.fixture
def place(tmp_path):
    place = Place(tmp_path)
    yield place
    place.village.close()


def e1(place):
    planted = "A" * 43
    token = members.enter(place.node, place.ada).session_token

    assert accounts.session(place.node, planted) is None
    assert token != planted
    for cookies in (f"={SESSION}={token}", f"{SESSION}={planted}; {SESSION}={token}"):
        assert place.visit(cookies).status_code == 401


def e2(place):
    browser, before = place.browser(), place.count(Case)
    elsewhere = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    for rule in place.app.url_map.iter_rules():
        if not _takes_forms(ROUTES[rule.endpoint]):
            continue
        path = address_of(place.app, rule)
        assert browser.post(path, {}, headers=elsewhere).status_code == 403, path
        assert browser.open(path, "POST").status_code == 403, path
    text = {"data": b'{"text": "x"}', "content_type": "text/plain"}
    assert browser.open(TELL, "POST", **text).status_code in {400, 415}
    override = {"X-HTTP-Method-Override": "DELETE", "X-HTTP-Method": "DELETE"}
    assert browser.get("/healthz", headers=override).status_code == 200
    assert place.count(Case) == before


def _takes_forms(row):
    return "POST" in row.methods and row.csrf is Csrf.FORM


def e5(place):
    answers = []
    for contact in ("ada@ash.example", "nobody@ash.example"):
        browser = Browser(place.app, place.node)
        place.village.pass_time(hours=1)
        page = browser.post("/sign-in", {"contact": contact})
        worn = {
            name: value
            for name, value in page.headers
            if name not in {"X-Request-Id", "Set-Cookie"}
        }
        answers.append((page.status_code, page.data, worn))

    assert answers[0] == answers[1]


def e10(place):
    link = _link(place)
    scanner = Browser(place.app, place.node)

    for method in ("GET", "HEAD", "GET"):
        assert scanner.open(link, method).status_code == 200
    before = place.count(SignIn)
    used = Browser(place.app, place.node).post(link, {})
    again = Browser(place.app, place.node).post(link, {})

    assert (before, used.status_code, again.status_code) == (0, 303, 410)
    assert place.count(SignIn) == 1


def _link(place):
    place.village.pass_time(hours=1)
    Browser(place.app, place.node).post("/sign-in", {"contact": "ada@ash.example"})
    place.village.work(place.node)
    text = place.village.mails[-1][1].get_body().get_content()
    return re.search(r"/sign-in/[\w-]+", text)[0]


def e6(place):
    client, evil = place.app.test_client(), "evil.example"

    answer = client.get("/ledger/policy", base_url=f"https://{evil}")
    told = Program(place.app, place.node).ask(
        "POST", TELL, {"text": "x"}, Idempotency_Key="1" * 16, X_Forwarded_Host=evil
    )

    assert answer.status_code == 400
    assert told.json["track_url"].startswith("https://ash.example/c/")


def e7(place):
    del place
    sending = {name: row for name, row in ROUTES.items() if row.sends}

    assert sending
    for name, row in sending.items():
        limits = {row.throttle, row.limit} - {""}
        assert limits <= throttle.LIMITS.keys(), name
        assert limits, name


def ends(place):
    browser, cookie = place.browser(), SESSION
    token = browser.cookie(cookie)
    visitor = accounts.session(place.node, token)

    accounts.sign_out(place.node, by=visitor)

    assert accounts.session(place.node, token) is None
    assert place.count(SignIn) == 1


ROWS = {
    "E1": e1, "E2": e2, "E5": e5, "E6": e6, "E7": e7, "E10": e10, "E-ends": ends,
}  # fmt: skip


@pytest.mark.parametrize("row", ROWS)
def test_attack(place, row):
    ROWS[row](place)
