"""Every page, light and dark, narrow and wide, in languages nobody speaks."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import lived, walk
from tests.browser.conftest import Town, Visit, visit
from tests.browser.keys import Keys
from tests.browser.places import PAGES
from tests.support.histories import Log

WIDTHS = (320, 390, 1280)
TALL = 900
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CHECKS = Path(__file__).with_name("checks.js").read_text()


@dataclass
class Doors:
    """Where each page is, and whose cookies open it."""

    chromium: Browser
    town: Town
    states: dict[str, object]
    places: dict[str, str]
    #: What asks a page, there before the page is: sent to each, it would take longer
    #: to get there than to ask.
    scripts: str

    def window(self, name: str, **wishes) -> tuple[Visit, str]:
        """Return a window of somebody who may open a page, and its path."""
        who, path = PAGES[name]
        opened = visit(
            self.chromium, self.town, storage_state=self.states[who], **wishes
        )
        opened.context.add_init_script(self.scripts)
        return opened, path.format(**self.places)


@pytest.fixture(scope="session")
def doors(chromium, town, axe):
    lives = lived.live(chromium, town)
    states = {who: it.context.storage_state() for who, it in lives.visits.items()}
    return Doors(chromium, town, states, lives.places, axe + CHECKS)


def wrong(page, *checks):
    """Return what each check finds on a page, by its name."""
    found = {
        check: page.evaluate(f"rules => checks.{check}(rules)", RULES)
        for check in checks
    }
    return {check: what for check, what in found.items() if what}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_for_everybody(doors, name):
    window, path = doors.window(name)
    for width in WIDTHS:
        window.page.set_viewport_size({"width": width, "height": TALL})
        window.page.emulate_media(color_scheme="light")
        window.open(path)

        assert wrong(window.page, "axe", "sideways", "overlaps", "small") == {}, width

        # The dark has other colours and nothing else: no size, no word, no order.
        window.page.emulate_media(color_scheme="dark")
        assert wrong(window.page, "contrast", "sideways", "small") == {}, width
    window.context.close()
    assert window.troubles == []


@pytest.mark.parametrize("language", ["en-XA", "ar-XB"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_holds_in_other_languages(doors, name, language):
    window, path = doors.window(name)
    for width in (320, 1280):
        window.page.set_viewport_size({"width": width, "height": TALL})
        asked = f"{path}{'&' if '?' in path else '?'}lang={language}"
        window.open(asked)

        assert window.page.locator("html").get_attribute("lang") == language
        assert wrong(window.page, "axe", "sideways", "overlaps") == {}, width
    window.context.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_holds_at_twice_the_size_of_text(doors, name):
    window, path = doors.window(name, viewport={"width": 640, "height": TALL})
    page = window.open(path)
    page.evaluate("document.documentElement.style.setProperty('font-size', '200%')")

    assert wrong(page, "sideways", "overlaps") == {}
    window.context.close()


@pytest.mark.parametrize("name", PAGES)
def test_tab_leads_through_a_page_and_shows_where_it_is(doors, name):
    window, path = doors.window(name, viewport={"width": 390, "height": TALL})
    seen, there = Keys(window.open(path)).through()

    assert seen == there
    window.context.close()


@pytest.mark.parametrize("step", [1, 2, 3, 4])
def test_a_step_with_an_error_is_for_everybody(doors, step):
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

    assert page.title().startswith("Error:")
    assert wrong(page, "axe", "sideways", "overlaps", "small") == {}
    window.context.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_look_before_a_witness_is_added_is_for_everybody(doors, width):
    window, path = doors.window("witnesses", viewport={"width": width, "height": TALL})
    page = window.open(path)
    page.get_by_label("Address of a community, or keys").fill(Log(seed=40).vkey)
    walk.follow(page, "Look first")

    assert page.locator("h1").inner_text() == "Is this right?"
    assert wrong(page, "axe", "sideways", "overlaps", "small") == {}
    window.context.close()


def test_a_bad_page_is_found(doors):
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

    found = wrong(page, "axe", "contrast", "sideways", "overlaps", "small")
    assert {"axe", "contrast", "sideways", "overlaps", "small"} == found.keys()
    assert [it for it in found["axe"] if it.startswith("image-alt")]
    window.context.close()


def test_a_receipt_fits_on_one_sheet(window):
    guest = window()
    walk.tell(guest)

    raw = guest.page.pdf(format="A4")

    assert raw.count(b"/Type /Page\n") == 1
