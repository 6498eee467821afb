"""The copy of the ledger's pages, in a browser that has nothing but the files."""

import os
import subprocess
import sys
import time

import pytest
from playwright.sync_api import expect

from tests.browser import walk
from tests.browser.conftest import visit
from tests.browser.test_pages import CHECKS, TALL, WIDTHS, wrong
from tests.house.reading import ROOT
from tests.support import hosts

NAMES = ("index", "entries", "entries/0", "clear", "witnesses", "keys", "audit")


@pytest.fixture(scope="module")
def copy(chromium, town, tmp_path_factory):
    """What the command makes of the town's ledger, once there is something in it."""
    guest = visit(chromium, town)
    walk.tell(guest)
    guest.context.close()
    folder = tmp_path_factory.mktemp("copy")
    told = {
        "FOLKMOOT_DATA": str(town.folder / "node"),
        "FOLKMOOT_PUBLIC_URL": town.url,
    }
    command = [sys.executable, "-m", "folkmoot", "ledger", "publish", str(folder)]
    until = time.monotonic() + 20
    while not (folder / "index.html").exists():
        assert time.monotonic() < until
        subprocess.run(  # noqa: S603 - our own words, no shell
            command, cwd=ROOT, env=os.environ | told, capture_output=True, check=False
        )
    return folder


@pytest.fixture
def reader(chromium, copy):
    """Opens a page of the copy; whatever it asks for is a file of the copy."""
    with hosts.served(copy) as where:
        asked = []

        def open_page(name, **wishes):
            context = chromium.new_context(**wishes)
            page = context.new_page()
            page.on("response", lambda it: asked.append((it.url, it.status)))
            page.goto(f"{where}/{name}.html")
            return page

        yield open_page
        assert asked
        favicon = f"{where}/favicon.ico"  # asked for by the browser, not by a page
        for url, status in asked:
            assert url.startswith(where), url
            assert status < 400 or url == favicon, url


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", NAMES)
def test_a_page_of_the_copy_is_for_everybody(reader, axe, name, scheme):
    page = reader(name, color_scheme=scheme)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": TALL})
        page.reload()
        page.evaluate(axe + CHECKS)

        assert wrong(page, "axe", "sideways", "overlaps", "small") == {}, width


def test_one_walks_through_the_copy_without_javascript(reader):
    page = reader("index", java_script_enabled=False)
    for words, title in (
        ("All entries", "All entries"),
        ("Open entries", "Open entries"),
        ("Witnesses", "Witnesses"),
        ("Keys", "Keys of the ledger"),
        ("Audit it yourself", "Audit it yourself"),
        ("Seal of today", "The ledger"),
    ):
        page.get_by_role("navigation").get_by_role("link", name=words).click()
        expect(page.locator("h1")).to_have_text(title)


def test_the_verifier_of_the_copy_opens(reader):
    page = reader("verify")

    assert page.get_by_label("File", exact=True).is_visible()


def test_the_seal_can_be_printed_on_a_sheet(reader):
    page = reader("index")

    page.emulate_media(media="print")

    assert not page.get_by_role("navigation").is_visible()
    assert page.get_by_text("0 witnesses").is_visible()
