"""A ledger whose log ended, as people see it: in a copy, in a browser."""

import pytest

from node import log
from tests.browser.test_pages import CHECKS, TALL, WIDTHS, wrong
from tests.support import hosts
from tests.support.cast import moot_on
from tests.support.clients import app_of
from tests.support.ending import end
from tests.support.rotations import grow
from web.still import pages

#: As long as people write, with a word that has no place to break.
WHY = "The disk was lost in the flood, and the only copy with it. " * 4 + "x" * 90


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ended")
    with moot_on("", folder / "node") as moot:
        moot.tell()
        for reason in (WHY, "Its key was copied."):
            grow(moot.village, moot.node)
            end(moot, reason)
        grow(moot.village, moot.node)
        log.publish_to(moot.node, str(folder), lambda: pages(app_of(moot.node)))
    return folder


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["index", "keys"])
def test_the_pages_that_name_ended_logs_are_for_everybody(
    chromium, copy, axe, name, scheme
):
    context = chromium.new_context(color_scheme=scheme)
    page = context.new_page()
    with hosts.served(copy) as where:
        page.goto(f"{where}/{name}.html")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": TALL})
            page.evaluate(axe + CHECKS)

            assert wrong(page, "axe", "sideways", "overlaps", "small") == {}, width
    context.close()


def test_one_comes_from_the_page_to_the_seal_of_a_log_that_ended(chromium, copy):
    context = chromium.new_context()
    page = context.new_page()
    with hosts.served(copy) as where:
        page.goto(f"{where}/index.html")
        before = page.get_by_role("heading", name="Ledgers before this one")
        named = page.get_by_text("ash.example/ledger", exact=True)

        assert before.is_visible()
        assert named.is_visible()
        for path in ("checkpoint", "2/checkpoint"):
            seal = page.locator(f'a[href="{path}"]')
            assert seal.count() == 1, path
            assert page.request.get(f"{where}/{path}").ok
    context.close()
