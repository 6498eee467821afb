"""What a person sees who checks a receipt in a browser, on our page or on their own."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import damage, walk
from tests.browser.asking import PAGE, check, choose, found
from tests.browser.test_pages import CHECKS, RULES
from tests.browser.test_verifier import FIRST, in_python

RECEIPTS = damage.receipts()
EXAMPLE = RECEIPTS["the worked example"]


def test_a_receipt_of_this_place_is_checked_and_nothing_is_sent(window, tmp_path):
    guest, stranger = window(), window()
    walk.tell(guest)
    with guest.page.expect_download() as download:
        walk.press(guest.page, "Save the receipt")
    file = tmp_path / "one.tlog-proof"
    download.value.save_as(file)
    page, sent = stranger.open(PAGE), []
    page.wait_for_load_state("networkidle")
    stranger.context.on("request", lambda request: sent.append(request.url))

    page.get_by_label("File", exact=True).set_input_files(file)
    walk.press(page, "Check it")
    # The town names a witness, which does not exist: it saw nothing.
    expect(page.locator("[data-banner]")).to_contain_text("Too few witnesses.")
    page.locator("#v-policy").evaluate(
        "it => { it.value = it.value.replace(/quorum .*/, 'quorum none') }"
    )
    walk.press(page, "Check it")

    expect(page.locator("[data-banner]")).to_contain_text("This receipt is true.")
    expect(page.locator("[data-steps] > li")).to_have_count(9)
    red = page.locator("[data-open] .bad")
    expect(red).to_have_text(["0 witnesses."])  # the guest's browser signed the words
    expect(page.locator("#v-result")).to_be_focused()
    assert sent == []


def test_without_scripts_the_page_offers_to_check_it_there(window):
    page = window(java_script_enabled=False).open(PAGE)

    expect(page.locator("[data-check]")).to_have_count(0)
    expect(page.get_by_role("button", name="Check it")).to_have_count(1)
    expect(page.locator("noscript .lead")).to_contain_text("Send it to us")


def test_with_scripts_there_is_nothing_that_could_be_sent(window):
    page = window().open(PAGE)

    expect(page.locator("main form")).to_have_count(0)
    expect(page.locator("main [name]")).to_have_count(0)


def test_a_witnessed_receipt_says_what_is_proven_and_what_is_not(alone):
    result = check(alone, EXAMPLE)

    expect(result.locator("[data-banner]")).to_contain_text("the witnesses you ask for")
    proven, unproven = result.locator("[data-proven]"), result.locator("[data-open]")
    expect(proven).to_contain_text("in the ledger node.example/ledger, at place 1 of 8")
    expect(proven).to_contain_text("Witnesses you know that signed this seal: 1.")
    expect(proven).to_contain_text("before November 22, 2026 at 7:51:00 PM UTC")
    expect(unproven).to_contain_text("The server says it is the key of a member.")
    expect(result.locator(".bad")).to_have_count(0)
    expect(result.locator("[data-says]")).to_contain_text(
        "Heating broken since October"
    )


def test_words_without_a_key_are_never_passed_off_as_signed(alone):
    result = check(alone, RECEIPTS["attested"])

    expect(result.locator("[data-open] .bad")).to_have_text("Node-attested.")
    expect(result.locator("[data-open]")).to_contain_text(
        "Your node made this key, and you did not sign this yourself. "
        "It says that the words came by telephone."
    )
    expect(result.locator("[data-step='4']")).to_contain_text(
        "Nobody else signed them."
    )
    expect(result.locator("[data-proven]")).not_to_contain_text("signed it")


@pytest.mark.parametrize(
    ("policy", "first"),
    [
        (damage.POLICY, "Too few witnesses."),
        (
            damage.POLICY.replace("quorum partner", "quorum none"),
            "This receipt is true.",
        ),
    ],
)
def test_a_receipt_nobody_witnessed_says_so_in_red(alone, policy, first):
    result = check(alone, RECEIPTS["not witnessed"], policy)

    expect(result.locator("[data-banner] strong")).to_have_text(first)
    red = result.locator("[data-open] .bad")
    expect(red).to_have_text("0 witnesses.")
    assert red.evaluate("it => getComputedStyle(it).color") == "rgb(158, 31, 25)"


def test_a_damaged_receipt_proves_nothing(alone):
    result = check(alone, EXAMPLE.replace(b"\nindex 1\n", b"\nindex 2\n"))

    expect(result.locator("[data-banner]")).to_contain_text(
        "This receipt did not pass."
    )
    expect(result.locator("[data-told]")).to_be_hidden()
    expect(result.locator("[data-step='6']")).to_contain_text("Code: inclusion")


def test_a_clear_entry_is_the_communitys_own_word(alone):
    result = check(alone, RECEIPTS["clear"])

    expect(result.locator("[data-proven]")).to_contain_text("the community's own word")
    expect(result.locator("[data-step='5']")).to_contain_text(
        "as it stands in the ledger"
    )
    expect(result.locator("[data-says]")).to_contain_text("policy")


def test_a_person_whose_key_is_given_is_named(alone):
    [(key, name)] = damage.READERS["who knows people"].authors
    alone.get_by_text("What else you know").click()
    alone.get_by_label("Keys of people").fill(f"{key}={name}")

    result = check(alone, EXAMPLE)

    expect(result.locator("[data-proven]")).to_contain_text("Ada signed it")


def test_the_file_of_entries_stands_in_for_the_case_key(alone):
    raw = RECEIPTS["without its key"]
    expect(check(alone, raw).locator("[data-step='5']")).to_contain_text(
        "Give the case key, or the file of entries"
    )
    alone.get_by_text("What else you know").click()
    bundle = damage.READERS["with the entries"].bundle
    alone.get_by_label("File of entries").set_input_files(
        {"name": "000", "mimeType": "application/octet-stream", "buffer": bundle}
    )

    result = check(alone, raw)

    expect(result.locator("[data-open]")).to_contain_text("there was no case key")
    expect(result.locator("[data-step='5']")).to_contain_text(
        "Its case was not checked"
    )


def test_a_receipt_is_pasted_and_checked_by_keyboard(alone):
    alone.locator("#v-policy").fill(damage.POLICY)
    alone.get_by_label("Or paste its text").focus()
    alone.keyboard.insert_text(EXAMPLE.decode().strip())
    for _ in range(20):
        alone.keyboard.press("Tab")
        if alone.evaluate("document.activeElement.matches('[data-check]')"):
            break

    alone.keyboard.press("Enter")

    expect(alone.locator("[data-banner]")).to_contain_text("This receipt is true.")
    expect(alone.locator("#v-result")).to_be_focused()


@pytest.mark.parametrize(
    ("field", "text", "error"),
    [
        ("file", None, "Choose a file, or paste its text"),
        ("policy", "trust everybody", "This policy cannot be read"),
        ("statements", "ours", "One of these lines is not a key"),
        ("key", "short", "This is not a case key"),
    ],
)
def test_what_cannot_be_read_is_asked_for_again(alone, field, text, error):
    if text:
        choose(alone, EXAMPLE)
        alone.locator(f"#v-{field}").fill(text)

    walk.press(alone, "Check it")

    expect(alone.locator(f"#v-{field}-error")).to_contain_text(error)
    expect(alone.locator(f"#v-{field}")).to_be_focused()
    expect(alone.locator(f"#v-{field}")).to_have_attribute("aria-invalid", "true")
    expect(alone.locator("[data-result]")).to_be_hidden()
    expect(check_again(alone)).to_contain_text("This receipt is true.")
    expect(alone.locator("[aria-invalid]")).to_have_count(0)


def check_again(page):
    page.locator("#v-key").fill("")
    return check(page, EXAMPLE).locator("[data-banner]")


def test_the_file_finds_in_every_receipt_what_python_finds(alone, tmp_path):
    whole = damage.receipts() | damage.damaged()
    some = dict([*whole.items()][::13])

    theirs = {name: found(check(alone, raw)) for name, raw in some.items()}

    ours = in_python(damage.READERS[FIRST], some, tmp_path)
    assert theirs == {
        name: [
            [str(it["step"]), str(it["ok"]).lower(), it["code"]]
            for it in one["findings"]
        ]
        for name, one in zip(some, ours, strict=True)
    }
    assert len(theirs) > 70


def test_a_file_of_entries_that_is_none_is_asked_for_again(alone):
    choose(alone, EXAMPLE)
    alone.locator("#v-bundle").set_input_files(
        {"name": "000", "mimeType": "application/octet-stream", "buffer": b"\0\5abc"}
    )

    walk.press(alone, "Check it")

    expect(alone.locator("#v-bundle-error")).to_contain_text("not a file of entries")
    expect(alone.locator("#v-bundle")).to_be_focused()


def test_a_receipt_of_a_gigabyte_is_refused_at_once(alone, tmp_path):
    large = tmp_path / "large.tlog-proof"
    with large.open("wb") as file:
        file.truncate(2**30)
    alone.get_by_label("File", exact=True).set_input_files(large)
    alone.locator("#v-policy").fill(damage.POLICY)

    walk.press(alone, "Check it")

    expect(alone.locator("[data-step='1']")).to_contain_text("Code: proof-malformed")


#: What browsers from before 2025 answer when they are given an Ed25519 key.
OLD = """
  const subtle = crypto.subtle, importKey = subtle.importKey.bind(subtle);
  subtle.importKey = (...given) =>
    given[2] === "Ed25519"
      ? Promise.reject(new DOMException("no such algorithm", "NotSupportedError"))
      : importKey(...given);
"""


def test_a_browser_that_cannot_check_signatures_says_so(alone, kept):
    expect(alone.locator("[data-unable]")).to_be_hidden()
    alone.add_init_script(OLD)
    alone.goto(kept)
    expect(alone.locator("[data-unable]")).to_contain_text(
        "This browser cannot check signatures. It lacks Ed25519"
    )

    for name in ("the worked example", "a phone"):
        steps = found(check(alone, RECEIPTS[name]))
        assert ["7", "false", "unsupported"] in steps
    expect(alone.locator("[data-banner]")).to_contain_text("cannot check it")
    other = check(alone, EXAMPLE.replace(b"\nindex 1\n", b"\nindex 2\n"))
    expect(other.locator("[data-banner]")).to_contain_text("This receipt did not pass.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_came_out_is_for_everybody(window, axe, scheme):
    page = window(color_scheme=scheme).open(PAGE)
    page.evaluate(axe + CHECKS)
    for name in ("the worked example", "attested", "not witnessed", "a forged one"):
        check(page, RECEIPTS[name])
        for width in (320, 390, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            for one in ("axe", "sideways", "overlaps", "small"):
                assert page.evaluate(f"rules => checks.{one}(rules)", RULES) == [], one


@pytest.mark.parametrize("language", ["en-XA", "ar-XB"])
def test_the_page_and_the_file_speak_the_readers_language(
    window, chromium, axe, language, tmp_path
):
    page = window().open(f"{PAGE}?lang={language}")
    with page.expect_download() as download:
        page.locator("a[download]").click()
    file = tmp_path / "verify.html"
    download.value.save_as(file)
    other = chromium.new_page(viewport={"width": 390, "height": 900})
    other.goto(file.as_uri())

    for one in (page, other):
        expect(one.locator("html")).to_have_attribute("lang", language)
        one.locator("#v-file").set_input_files(
            {"name": "it", "mimeType": "text/plain", "buffer": RECEIPTS["attested"]}
        )
        one.locator("#v-policy").fill(damage.POLICY)
        one.locator("#v-statements").fill("")
        one.locator("[data-check]").click()
        expect(one.locator("[data-result]")).to_be_visible()
        said = one.locator("[data-proven], [data-open], [data-steps]").all_inner_texts()
        assert "node.example/ledger" in said[0]
        assert not re.search(r"\{\w+\}|undefined|null", " ".join(said))
        one.evaluate(axe + CHECKS)
        for check_ in ("axe", "sideways", "overlaps"):
            assert one.evaluate(f"rules => checks.{check_}(rules)", RULES) == []
    other.close()
