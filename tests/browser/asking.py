"""What somebody does at the verifier: choose, press the button, read what came out."""

from playwright.sync_api import expect

from tests.browser import damage, walk

PAGE = "/ledger/verify"


def choose(page, raw, policy=damage.POLICY):
    page.get_by_label("File", exact=True).set_input_files(
        {"name": "one.tlog-proof", "mimeType": "text/plain", "buffer": raw}
    )
    page.locator("#v-policy").fill(policy)
    page.locator("#v-statements").fill("")


def check(page, raw, policy=damage.POLICY):
    choose(page, raw, policy)
    walk.press(page, "Check it")
    result = page.locator("[data-result]")
    expect(result).to_be_visible()
    return result


def found(result):
    """Return each step and what it found, as the page has it."""
    return result.locator("[data-steps] > li").evaluate_all(
        "rows => rows.map(({ dataset }) => [dataset.step, dataset.ok, dataset.code])"
    )
