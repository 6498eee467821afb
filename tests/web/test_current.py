from http.cookies import SimpleCookie

import pytest

from node import accounts
from node.cases import OpenedLink
from node.language import shipped
from tests.support import members
from tests.support.clients import CASE, SESSION, Browser, Program, app_of
from tests.support.village import Village
from web import current
from web.app import create_app

BASE = {"base_url": "https://ash.example"}


@pytest.fixture(scope="module")
def village(tmp_path_factory):
    village = Village(tmp_path_factory.mktemp("village"))
    yield village
    village.close()


@pytest.fixture(scope="module")
def ash(village):
    return village.found("https://ash.example")


@pytest.fixture(scope="module")
def app(ash):
    return app_of(ash)


@pytest.fixture(scope="module")
def ada(ash):
    return members.join(ash)


def cookies(app, do, **given):
    """Return what a browser is told to keep when `do` runs in a request."""
    with app.test_request_context("/", **{**BASE, **given}):
        do()
        answer = current.finish(app.response_class())
    kept = SimpleCookie()
    for line in answer.headers.getlist("Set-Cookie"):
        kept.load(line)
    return kept, answer


def test_a_session_is_kept_where_only_this_host_gets_it_back(ash, app, ada):
    signed_in = members.enter(ash, ada)

    kept, _ = cookies(app, lambda: current.sign_in(signed_in))

    cookie = kept[SESSION]
    assert cookie.value == signed_in.session_token
    assert (cookie["path"], cookie["domain"]) == ("/", "")
    assert cookie["secure"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_two_nodes_on_one_machine_do_not_sign_each_other_out(village, ada):
    dov = {"name": "Dov", "mail": "dov@ash.example"}
    here = village.found("http://localhost:8000", steward=dov)
    app = create_app(here, testing=True)
    who = members.join(here)

    kept, _ = cookies(
        app,
        lambda: current.sign_in(members.enter(here, who)),
        base_url="http://localhost:8000",
    )

    assert list(kept) == ["folkmoot-8000"]
    assert not kept["folkmoot-8000"]["secure"]
    assert ada


def test_the_link_of_a_case_is_kept_for_that_case_alone(app):
    opened = OpenedLink("AM-7KQ2M8V", "token")

    kept, _ = cookies(app, lambda: current.open_case(opened))

    assert kept[CASE]["path"] == "/cases/AM-7KQ2M8V"
    assert kept[CASE]["secure"]


def test_signing_out_ends_the_session_here_and_there(ash, app, ada):
    token = members.enter(ash, ada).session_token
    headers = {"Cookie": f"{SESSION}={token}"}

    kept, answer = cookies(app, current.sign_out, headers=headers)

    assert (kept[SESSION].value, kept[SESSION]["max-age"]) == ("", "0")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert accounts.session(ash, token) is None


def test_a_session_gets_a_new_name_when_its_holders_roles_change(ash, app):
    ben = members.join(ash, "ben@ash.example")
    browser = Browser(app, ash)
    browser.sign_in(ben)
    before = browser.cookie(SESSION)

    members.give(ash, ben, "advocate")
    page = browser.get("/desk")

    assert page.status_code == 200
    assert browser.cookie(SESSION) != before
    assert accounts.session(ash, before) is None
    assert browser.get("/desk").status_code == 200


def test_a_form_of_the_page_that_renamed_the_session_is_taken(ash, app):
    fay = members.join(ash, "fay@ash.example")
    token = members.enter(ash, fay).session_token
    members.give(ash, fay, "advocate")
    headers = {"Cookie": f"{SESSION}={token}"}

    with app.test_request_context("/desk", headers=headers, **BASE):
        form = current.csrf_token()
        answer = current.finish(app.response_class())
    kept = SimpleCookie(answer.headers["Set-Cookie"])

    assert accounts.csrf_holds(ash, kept[SESSION].value, form)


def test_a_form_on_its_way_does_not_rename_the_session(ash, app):
    gil = members.join(ash, "gil@ash.example")
    token = members.enter(ash, gil).session_token
    members.give(ash, gil, "advocate")
    headers = {"Cookie": f"{SESSION}={token}"}

    with app.test_request_context("/desk", method="POST", headers=headers, **BASE):
        assert current.visitor().stale

    assert accounts.session(ash, token) is not None


def test_a_link_goes_before_a_session_where_its_cookie_is_sent(ash, app, ada):
    program = Program(app, ash)
    told = program.ask(
        "POST", "/api/v1/submissions", {"text": "x"}, Idempotency_Key="c" * 16
    ).json
    token = members.enter(ash, ada).session_token
    both = {"Cookie": f"{SESSION}={token}; {CASE}={told['token']}"}

    with app.test_request_context("/cases/x", headers=both, **BASE):
        assert current.visitor().case_id is not None
        assert accounts.csrf_holds(ash, told["token"], current.csrf_token())


def test_a_link_that_ended_leaves_the_session(ash, app, ada):
    token = members.enter(ash, ada).session_token
    both = {"Cookie": f"{SESSION}={token}; {CASE}=ended"}

    with app.test_request_context("/cases/x", headers=both, **BASE):
        assert current.visitor().account_id is not None
        assert accounts.csrf_holds(ash, token, current.csrf_token())


def test_somebody_nobody_knows_has_no_token(app):
    with app.test_request_context("/", headers={"Cookie": f"{SESSION}=x"}, **BASE):
        assert current.csrf_token() == ""
        assert not current.csrf_holds("")
        assert not current.known_by_cookie()
        assert current.has_cookies()


LANGUAGES = [
    ("/?lang=es", {}, "es"),
    ("/?lang=xx", {}, "en"),
    ("/", {"Accept-Language": "zh-CN,en;q=0.5"}, "zh-Hans"),
    ("/", {"Accept-Language": "tlh, es-MX;q=0.3"}, "es"),
    ("/", {"Accept-Language": "tlh"}, "en"),
    ("/", {"Cookie": "__Host-folkmoot-lang=es", "Accept-Language": "en"}, "es"),
    ("/?lang=en", {"Cookie": "__Host-folkmoot-lang=es"}, "en"),
    ("/", {"Accept-Language": "\xff;;q=x,,,"}, "en"),
]


@pytest.mark.parametrize(("path", "headers", "expected"), LANGUAGES)
def test_the_language_is_asked_for_chosen_before_or_the_browsers(
    ash, path, headers, expected
):
    app = app_of(ash)
    tags = ("en", "es", "zh-Hans")
    app.extensions[current.LANGUAGES] = dict.fromkeys(tags, shipped()["en"])

    with app.test_request_context(path, headers=headers, **BASE):
        assert current.language() == expected


@pytest.mark.parametrize(
    ("address", "block"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2ff::1", "2001:db8:1:200::/56"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("", ""),
    ],
)
def test_a_household_is_one_source(app, address, block):
    with app.test_request_context("/", environ_base={"REMOTE_ADDR": address}, **BASE):
        assert current.source() == block
