"""Every page, light and dark, narrow and wide, in languages nobody speaks."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import walk
from tests.browser.conftest import Town, Visit, visit
from tests.browser.keys import Keys
from tests.support.histories import Log

WIDTHS = (320, 390, 1280)
TALL = 900
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CHECKS = Path(__file__).with_name("checks.js").read_text()

#: Who opens each page, and where it is.
PAGES = {
    "home": ("anybody", "/"),
    "privacy": ("anybody", "/privacy"),
    "accessibility": ("anybody", "/accessibility"),
    "misses": ("anybody", "/misses/"),
    "tell-1": ("anybody", "/tell/1"),
    "tell-for": ("ben", "/tell/for"),
    "track": ("anybody", "/track"),
    "sign-in": ("anybody", "/sign-in"),
    "ledger": ("anybody", "/ledger"),
    "entry": ("anybody", "/ledger/0"),
    "entries": ("anybody", "/ledger/entries"),
    "entries-clear": ("anybody", "/ledger/clear"),
    "ledger-witnesses": ("anybody", "/ledger/witnesses"),
    "ledger-keys": ("anybody", "/ledger/keys"),
    "ledger-audit": ("anybody", "/ledger/audit"),
    "verify": ("anybody", "/ledger/verify"),
    "missing": ("anybody", "/nothing-here"),
    "receipt": ("guest", "{receipt}"),
    "case": ("guest", "/cases/{asked}"),
    "sharing": ("guest", "/cases/{asked}/sharing"),
    "withdraw": ("guest", "/cases/{asked}/withdraw"),
    "consents": ("guest", "/cases/{asked}/consents"),
    "together": ("guest", "/cases/{asked}/together"),
    "desk-together": ("cleo", "/desk/cases/{asked}/together"),
    "keep": ("guest", "/cases/{asked}/keep"),
    "me": ("cleo", "/me"),
    "my-data": ("maria", "/me/data"),
    "notices": ("cleo", "/me/notices"),
    "security": ("cleo", "/me/security"),
    "desk": ("cleo", "/desk"),
    "triage": ("cleo", "/desk/triage"),
    "teams": ("cleo", "/admin/teams"),
    "topics": ("cleo", "/admin/topics"),
    "topic": ("cleo", "/admin/topics/housing"),
    "absences": ("cleo", "/me/absences"),
    "roles": ("dov", "/admin/people"),
    "templates": ("cleo", "/admin/templates"),
    "desk-case": ("cleo", "/desk/cases/{asked}"),
    "unmatched": ("cleo", "/desk/unmatched"),
    "public-list": ("anybody", "/public"),
    "public": ("anybody", "/public/{public}"),
    "case-public": ("maria", "/cases/{shared}"),
    "desk-case-public": ("cleo", "/desk/cases/{shared}"),
    "walls": ("cleo", "/desk/walls"),
    "public-name": ("ben", "/desk/neighbours"),
    "neighbours": ("cleo", "/desk/neighbours"),
    "neighbour": ("cleo", "/desk/neighbours/{elsewhere}"),
    "answer": ("anybody", "/public/answers/{answer}"),
    "office": ("dov", "/admin/"),
    "peers": ("dov", "/admin/peers"),
    "peer": ("dov", "/admin/peers/cedar.example"),
    "audit": ("dov", "/admin/audit"),
    "jobs": ("dov", "/admin/jobs"),
    "processing": ("dov", "/admin/processing"),
    "requests": ("dov", "/admin/requests"),
    "request": ("dov", "/admin/requests/{request}"),
    "notes-asked": ("guest", "/cases/{asked}/notes"),
    "notes-waiting": ("cleo", "/admin/notes"),
    "note-waiting": ("cleo", "/admin/notes/{note}"),
    "breaches": ("dov", "/admin/breaches"),
    "glass": ("dov", "/admin/glass"),
    "holds": ("dov", "/admin/holds"),
    "witnesses": ("dov", "/admin/witnesses"),
}


@dataclass
class Doors:
    """Where each page is, and whose cookies open it."""

    chromium: Browser
    town: Town
    states: dict[str, object]
    places: dict[str, str]

    def window(self, name: str, **wishes) -> tuple[Visit, str]:
        """Return a window of somebody who may open a page, and its path."""
        who, path = PAGES[name]
        opened = visit(
            self.chromium, self.town, storage_state=self.states[who], **wishes
        )
        return opened, path.format(**self.places)


@pytest.fixture(scope="session")
def doors(chromium, town):
    guest, cleo = visit(chromium, town), visit(chromium, town)
    asked, _ = walk.tell(guest)
    receipt = guest.page.url.removeprefix(town.url)
    walk.sign_in(cleo, walk.CLEO)
    walk.triage(cleo, asked)
    walk.take(cleo, asked)
    page = cleo.page
    page.get_by_label("Your reply").fill("I have asked the housing office.\n\nWait.")
    walk.press(page, "Reply")
    walk.plan(page, "Send a photo of the thermostat, and of the meter beside it.")
    page.get_by_text("Ask the member one thing").click()
    page.get_by_label("Your question").fill("Can you send a photo of the thermostat?")
    walk.press(page, "Send the question")
    note = walk.asked_for_note(cleo, guest, asked)
    walk.tell(guest, story="A" * 60 + " " + "unbreakable" * 12 + " is what it says.")
    people = {"maria": walk.MARIA, "ben": walk.BEN, "dov": walk.DOV}
    others = {name: visit(chromium, town) for name in people}
    for name, mail in people.items():
        walk.sign_in(others[name], mail)
    walk.ask_about_data(others["maria"])
    request = walk.waiting_request(others["dov"])
    seeded = json.loads((town.folder / "abroad.json").read_text())
    walk.choose_name(cleo, "cleo")
    answer = walk.answer_elsewhere(cleo, seeded["elsewhere"])
    states = {
        **{name: one.context.storage_state() for name, one in others.items()},
        "anybody": chromium.new_context(base_url=town.url).storage_state(),
        "guest": guest.context.storage_state(),
        "cleo": cleo.context.storage_state(),
    }
    places = {
        **seeded,
        "asked": asked,
        "receipt": receipt,
        "answer": answer,
        "request": request,
        "note": note,
    }
    return Doors(chromium, town, states, places)


@pytest.fixture(scope="session")
def scripts(axe):
    return axe + CHECKS


def wrong(page, *checks):
    """Return what each check finds on a page, by its name."""
    found = {
        check: page.evaluate(f"rules => checks.{check}(rules)", RULES)
        for check in checks
    }
    return {check: what for check, what in found.items() if what}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_for_everybody(doors, scripts, name):
    window, path = doors.window(name)
    for width in WIDTHS:
        window.page.set_viewport_size({"width": width, "height": TALL})
        window.page.emulate_media(color_scheme="light")
        window.open(path).evaluate(scripts)

        assert wrong(window.page, "axe", "sideways", "overlaps", "small") == {}, width

        # The dark has other colours and nothing else: no size, no word, no order.
        window.page.emulate_media(color_scheme="dark")
        assert wrong(window.page, "contrast", "sideways", "small") == {}, width
    window.context.close()
    assert window.troubles == []


@pytest.mark.parametrize("language", ["en-XA", "ar-XB"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_holds_in_other_languages(doors, scripts, name, language):
    window, path = doors.window(name)
    for width in (320, 1280):
        window.page.set_viewport_size({"width": width, "height": TALL})
        window.open(f"{path}?lang={language}").evaluate(scripts)

        assert window.page.locator("html").get_attribute("lang") == language
        assert wrong(window.page, "axe", "sideways", "overlaps") == {}, width
    window.context.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_holds_at_twice_the_size_of_text(doors, scripts, name):
    window, path = doors.window(name, viewport={"width": 640, "height": TALL})
    page = window.open(path)
    page.evaluate("document.documentElement.style.setProperty('font-size', '200%')")
    page.evaluate(scripts)

    assert wrong(page, "sideways", "overlaps") == {}
    window.context.close()


@pytest.mark.parametrize("name", PAGES)
def test_tab_leads_through_a_page_and_shows_where_it_is(doors, name):
    window, path = doors.window(name, viewport={"width": 390, "height": TALL})
    seen, there = Keys(window.open(path)).through()

    assert seen == there
    window.context.close()


@pytest.mark.parametrize("step", [1, 2, 3, 4])
def test_a_step_with_an_error_is_for_everybody(doors, scripts, step):
    window, path = doors.window("tell-1", viewport={"width": 390, "height": TALL})
    page = window.open(path)
    if step > 1:
        page.get_by_label("Tell it in your own words").fill(walk.STORY)
        walk.follow(page, "Continue")
    if step > 2:
        page.get_by_label("It is not about a place").check()
        walk.follow(page, "Continue")
    if step > 3:
        page.get_by_label("I will come back by myself").check()
        walk.follow(page, "Continue")
    walk.follow(page, "Continue")
    page.evaluate(scripts)

    assert page.title().startswith("Error:")
    assert wrong(page, "axe", "sideways", "overlaps", "small") == {}
    window.context.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_look_before_a_witness_is_added_is_for_everybody(doors, scripts, width):
    window, path = doors.window("witnesses", viewport={"width": width, "height": TALL})
    page = window.open(path)
    page.get_by_label("Address of a community, or keys").fill(Log(seed=40).vkey)
    walk.follow(page, "Look first")
    page.evaluate(scripts)

    assert page.locator("h1").inner_text() == "Is this right?"
    assert wrong(page, "axe", "sideways", "overlaps", "small") == {}
    window.context.close()


def test_a_bad_page_is_found(doors, scripts):
    window, path = doors.window("home", viewport={"width": 390, "height": TALL})
    page = window.open(path)
    page.evaluate(
        """() => {
          const picture = document.createElement("img");
          picture.src = "data:image/gif;base64,R0lGODlhAQABAAAAACw=";
          const words = document.querySelector("h1").cloneNode(true);
          words.style.setProperty("margin-top", "-60px");
          words.style.setProperty("width", "900px");
          words.style.setProperty("max-inline-size", "900px");
          const button = document.createElement("button");
          button.style.setProperty("height", "10px");
          const pale = document.createElement("p");
          pale.textContent = "Nobody can read this.";
          pale.style.setProperty("color", "rgb(128 128 128 / 30%)");
          document.querySelector("main").append(pale);
          document.querySelector("h1").after(words, picture, button);
        }"""
    )
    page.evaluate(scripts)

    found = wrong(page, "axe", "contrast", "sideways", "overlaps", "small")
    assert {"axe", "contrast", "sideways", "overlaps", "small"} == found.keys()
    assert [it for it in found["axe"] if it.startswith("image-alt")]
    window.context.close()


def test_a_receipt_fits_on_one_sheet(window):
    guest = window()
    walk.tell(guest)

    raw = guest.page.pdf(format="A4")

    assert raw.count(b"/Type /Page\n") == 1
