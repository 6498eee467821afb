"""Rendering and browser: nothing that was typed runs, loads, frames or redirects."""

import pytest

from tests.support import members
from tests.support.clients import Browser, Program, address_of, app_of
from tests.support.village import Village
from web.guards import headers
from web.guards.routes import ROUTES
from web.places import local

EVIL = "<img src=x onerror=alert(1)>\"'</script><!-- \u2028"


class Place:
    """A node, and a browser that is signed in on it."""

    def __init__(self, folder):
        self.village = Village(folder)
        self.node = self.village.found("https://ash.example")
        self.app = app_of(self.node)
        self.browser = Browser(self.app, self.node)
        self.browser.sign_in(members.join(self.node, "ada@ash.example", "advocate"))


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    place = Place(tmp_path_factory.mktemp("place"))
    yield place
    place.village.close()


def d2(place):
    # The error pages of a node print what was asked for, or they do not.
    for path in ("/nothing", "/problems/x", "/static/x/y"):
        answer = place.browser.get(f"{path}?a=%3Cimg%20src=x%20onerror=alert(1)%3E")
        assert "<img src=x" not in answer.text
        assert "onerror" not in answer.text


def d3(place):
    told = Program(place.app, place.node).ask(
        "POST",
        "/api/v1/submissions",
        {"text": EVIL.replace("\u2028", "")},
        Idempotency_Key="d3-" + "0" * 16,
    )
    answer = Program(place.app, place.node, f"Link {told.json['token']}").ask(
        "GET", f"/api/v1/cases/{told.json['case_ref']}"
    )

    # JSON is never read as a page, so what it holds need not be disarmed, only typed.
    assert answer.content_type == "application/json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def d6(place):
    for rule in place.app.url_map.iter_rules():
        path = address_of(place.app, rule)
        for method in (*ROUTES[rule.endpoint].methods, "HEAD", "PATCH"):
            answer = place.browser.open(path, method)
            wanted = headers.standard(secure=True)
            if ROUTES[rule.endpoint].plain_strings:
                del wanted["Content-Security-Policy"]
            if answer.headers["Referrer-Policy"] == "no-referrer":
                del wanted["Referrer-Policy"]
            worn = dict(answer.headers)
            # What scripts of other sites may read is public, and only read.
            if "Access-Control-Allow-Origin" in worn:
                assert ROUTES[rule.endpoint].anywhere, rule.endpoint
                assert method in {"GET", "HEAD"}, rule.endpoint
                wanted |= headers.ANYWHERE
            assert wanted.items() <= worn.items(), (rule.endpoint, method)
            assert "Cache-Control" in worn, rule.endpoint
            if not ROUTES[rule.endpoint].shared:
                assert worn["Cache-Control"].startswith("private, no-"), rule.endpoint
            assert "'unsafe" not in worn["Content-Security-Policy"]


ELSEWHERE = [
    "//evil", "/\\evil", "https:evil", "https://evil", "%2f%2fevil", "/\r\nX: y",
    "javascript:alert(1)",
]  # fmt: skip


def d8(place):
    for path in ELSEWHERE:
        assert local(path, otherwise="/") == "/"
        page = place.browser.get("/sign-in", query_string={"next": path})
        assert path not in page.text, path
    assert local("/\u2215evil", otherwise="/") == "/"


ROWS = {"D2": d2, "D3": d3, "D6": d6, "D8": d8}


@pytest.mark.parametrize("row", ROWS)
def test_attack(place, row):
    ROWS[row](place)
