"""A saved case, checked on the node's own page without a folder of the ledger."""

import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from playwright.sync_api import expect

from tests.browser import walk
from tests.browser.asking import PAGE, found

BOX = "I have no folder: read the ledger from this site"
_GREW = """async (size) => {
  for (;;) {
    const answer = await fetch("/ledger/checkpoint", { cache: "no-store" });
    if (Number((await answer.text()).split("\\n")[1]) >= size) return;
    await new Promise((done) => setTimeout(done, 100));
  }
}"""


@pytest.fixture
def saved(window):
    """A case that somebody saved, in a ledger that was published since."""
    guest = window()
    reference, _ = walk.tell(guest)
    guest.page.get_by_role("link", name="Open your case").or_(
        guest.page.locator("a[href^='/cases/']")
    ).first.click()
    guest.page.wait_for_url("**/cases/**")
    raw = guest.context.request.get(f"/cases/{reference}/bundle").body()
    with ZipFile(BytesIO(raw)) as archive:
        files = [archive.read(it) for it in archive.namelist() if "proof" in it]
    last = max(int(re.search(rb"^index (\d+)$", one, re.MULTILINE)[1]) for one in files)
    guest.page.evaluate(_GREW, last + 1)
    return raw


@pytest.fixture
def page(window):
    opened = window().open(PAGE)
    opened.wait_for_load_state("networkidle")
    return opened


def check(page, raw):
    page.get_by_label("File", exact=True).set_input_files(
        {"name": "case.zip", "mimeType": "application/zip", "buffer": raw}
    )
    # The town names a witness, which does not exist: it saw nothing.
    page.locator("#v-policy").evaluate(
        "it => { it.value = it.value.replace(/quorum .*/, 'quorum none') }"
    )
    walk.press(page, "Check it")
    result = page.locator("[data-result]")
    expect(result).to_be_visible()
    return result


def test_a_case_is_checked_by_reading_the_whole_ledger_and_nothing_is_told(page, saved):
    asked = []
    page.context.on("request", lambda it: asked.append((it.method, it.url)))

    page.get_by_label(BOX).check()
    result = check(page, saved)

    assert [row for row in found(result) if row[1] == "false"] == []
    expect(result.locator("[data-banner]")).to_contain_text("This case is whole.")
    expect(result.locator("[data-says]")).to_contain_text(walk.STORY)
    expect(result.locator("[data-says]")).to_contain_text("Entry 0")
    place = re.compile(r"/ledger/(checkpoint|tile/entries/[x0-9/]+(\.p/\d+)?)$")
    assert asked
    assert all(method == "GET" and place.search(url) for method, url in asked)


def test_unless_it_is_asked_for_nothing_is_read(page, saved):
    asked = []
    page.context.on("request", lambda it: asked.append(it.url))

    result = check(page, saved)

    expect(result.locator("[data-open] .bad").first).to_have_text(
        "Whether anything is missing was not checked."
    )
    assert asked == []


def test_a_ledger_that_cannot_be_read_is_said_to_lack_something(page, saved):
    page.route("**/ledger/tile/entries/**", lambda route: route.fulfill(status=204))
    page.get_by_label(BOX).check()

    page.get_by_label("File", exact=True).set_input_files(
        {"name": "case.zip", "mimeType": "application/zip", "buffer": saved}
    )
    walk.press(page, "Check it")

    expect(page.locator("#v-copy-error")).to_be_visible()


def test_the_file_that_is_kept_offers_no_such_thing(alone):
    expect(alone.get_by_label("Folder of the ledger")).to_be_visible()
    expect(alone.get_by_label(BOX)).to_have_count(0)
