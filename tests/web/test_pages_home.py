import re
from urllib.parse import urldefrag

import pytest

from tests.browser import pseudo
from tests.web.conftest import tell
from web import pages, places
from web.guards.routes import ROUTES

OPEN_TO_ALL = [
    "/",
    "/privacy",
    "/accessibility",
    "/tell/1",
    "/track",
    "/sign-in",
    "/ledger",
    "/ledger/0",
    "/ledger/verify",
]


def test_the_front_door_shows_only_the_ways_in_there_are(guest):
    guest.open("/")

    assert "Call, day or night 020 7946 0412" in guest.text
    assert "Email help@ash.example" in guest.text
    assert "In person" not in guest.text
    assert "sms:" not in guest.html


def test_a_young_community_shows_no_numbers(guest):
    guest.open("/")

    assert "We opened on Monday 2 March 2026." in guest.text
    assert "told us something" not in guest.text


def test_the_month_is_shown_once_nobody_can_be_recognised(house):
    for number in range(10):
        tell(house.reader(), text=f"Lamp {number} is broken.")
    guest = house.reader()

    guest.open("/")

    assert "10 told us something" in guest.text.replace(
        "told us something 10", "10 told us something"
    )


@pytest.mark.parametrize("path", OPEN_TO_ALL)
def test_no_page_leads_to_nowhere(house, path):
    house.told()
    house.village.pass_time(minutes=5)
    house.village.work(house.node)
    guest = house.reader()
    guest.open(path)

    for link in sorted(set(guest.links)):
        if not link.startswith("#"):
            status = guest.client.get(link, base_url="https://ash.example").status_code
            assert status in {200, 302, 303}, link


def test_pages_of_people_who_work_here_lead_nowhere_wrong_either(house):
    _, cleo, reference = house.taken()

    for path in (
        "/me",
        "/me/points",
        "/me/security",
        "/desk",
        "/desk/triage",
        f"/desk/cases/{reference}",
    ):
        cleo.open(path)
        for link in sorted({urldefrag(link).url for link in cleo.links} - {""}):
            status = cleo.client.get(link, base_url="https://ash.example").status_code
            assert status in {200, 302, 303}, (path, link)


@pytest.mark.parametrize("path", OPEN_TO_ALL)
def test_each_page_has_one_heading_one_title_and_a_way_past_the_top(house, path):
    house.told()
    house.village.pass_time(minutes=5)
    house.village.work(house.node)
    guest = house.reader()
    guest.open(path)

    assert guest.html.count("<h1") == 1
    assert guest.title.endswith(" · Ash Moot")
    assert guest.html.index('href="#main"') < guest.html.index("<header")
    # Who has scripts sees the page without what is for those who have none.
    parts = re.split("(?s)<noscript>(.*?)</noscript>", guest.html)
    for seen in ("".join(parts[::2]), "".join(parts[1::2])):
        assert seen.count('class="button first"') <= 1


@pytest.mark.parametrize("path", OPEN_TO_ALL)
def test_ids_are_unique(house, path):
    house.told()
    house.village.pass_time(minutes=5)
    house.village.work(house.node)
    guest = house.reader()
    guest.open(path)

    ids = re.findall(r' id="([^"]+)"', guest.html)
    assert len(ids) == len(set(ids))


def test_dark_is_remembered_by_the_browser_only(house, guest):
    guest.open("/accessibility")
    guest.send("/accessibility", scheme="dark")
    assert "Saved." in guest.text
    assert '<html lang="en" dir="ltr" data-scheme="dark">' in guest.html

    assert "data-scheme" not in house.reader().open("/") + house.reader().app.name
    guest.send("/accessibility", scheme="auto")
    assert "data-scheme" not in guest.html


def test_a_colour_that_is_none_is_refused(guest):
    guest.open("/accessibility")
    guest.send("/accessibility", status=422, scheme="<pink>")

    guest.open("/")
    assert "data-scheme" not in guest.html


@pytest.mark.parametrize("wished", ["tlh", "../../en", "", "x" * 500])
def test_a_language_nobody_here_speaks_is_passed_over(guest, wished):
    guest.client.get("/", query_string={"lang": wished}, base_url="https://ash.example")

    guest.open("/")

    assert '<html lang="en" dir="ltr">' in guest.html


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/nothing", 404, "There is nothing here"),
        ("/desk/take", 405, "This does not work here"),
        ("/tell/resume/x", 404, "There is nothing here"),
    ],
)
def test_a_page_that_says_no_says_what_to_do(guest, path, status, said):
    guest.open(path, status=status)

    assert guest.title.startswith(said)
    assert "Traceback" not in guest.html
    assert "/" in guest.links


def test_a_form_from_elsewhere_is_refused_in_plain_words(house):
    ada = house.member("ada@ash.example")

    ada.page = ada.client.post(
        "/sign-out",
        base_url="https://ash.example",
        headers={"Origin": "https://evil.example"},
    )

    assert ada.page.status_code == 403
    assert ada.title.startswith("This is not open to you")
    ada.open("/me")
    assert ada.path == "/me"


def test_every_page_of_ours_has_its_row():
    pages = {name for name in ROUTES if name.partition(".")[0] in PAGES}

    assert {name.partition(".")[0] for name in pages} == PAGES


PAGES = {
    "home",
    "submissions",
    "receipts",
    "cases",
    "accounts",
    "security",
    "desk",
    "desk_cases",
    "start",
}


def test_a_language_is_chosen_by_pressing_it_not_by_looking(house, guest, tmp_path):
    pages.install(house.app, translations=pseudo.build(tmp_path / "languages"))
    guest.open("/privacy?lang=ar-XB")
    assert '<html lang="ar-XB" dir="rtl">' in guest.html
    guest.open("/privacy")
    assert '<html lang="en" dir="ltr">' in guest.html

    guest.send("/language", lang="ar-XB")

    assert guest.path == "/privacy"
    assert '<html lang="ar-XB" dir="rtl">' in guest.html


@pytest.mark.parametrize(
    ("address", "led"),
    [
        ("/me", "/me"),
        ("/tell/1?lang=en", "/tell/1?lang=en"),
        ("//evil.example/", ""),
        ("/\\evil.example", ""),
        ("https://evil.example/", ""),
        ("evil", ""),
        ("/a\nb", ""),
        ("", ""),
    ],
)
def test_people_are_led_inside_the_house_only(address, led):
    assert places.local(address) == led
