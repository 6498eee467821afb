import re
import time

import pytest
from playwright.sync_api import expect

from tests.browser import walk

PHONE = {"viewport": {"width": 390, "height": 844}}
PLAIN = {"java_script_enabled": False}


@pytest.mark.capability("1.3")
def test_a_first_claim_on_a_phone_takes_less_than_three_minutes(window):
    guest = window(**PHONE, **PLAIN)
    begun = time.monotonic()

    # As fast as people type on a phone: three signs a second.
    typing = len(walk.STORY) / 3
    walk.tell(guest)

    assert time.monotonic() - begun + typing < 180


def test_a_guest_is_helped_from_first_word_to_last_without_scripts(window):
    guest, cleo = window(**PHONE, **PLAIN), window(**PLAIN)
    reference, words = walk.tell(guest)
    walk.sign_in(cleo, walk.CLEO)
    walk.triage(cleo, reference)
    walk.take(cleo, reference)
    cleo.page.get_by_text("Ask the member one thing").click()
    cleo.page.get_by_label("Your question").fill("Do you have a photo?")
    walk.follow(cleo.page, "Send the question")

    phone = window(**PHONE, **PLAIN)
    page = phone.open("/track")
    page.get_by_label("Number of the case").fill(reference)
    page.get_by_label("The four words").fill(" ".join(words))
    walk.press(page, "Open my case")
    expect(page.locator(".next")).to_contain_text("Cleo asked you one thing")
    walk.press(page, "Answer Cleo")
    page.get_by_label("Your answer").fill("Here is what it looks like.")
    walk.press(page, "Send")
    expect(page.locator(".promise")).to_contain_text("Cleo is working on it")

    cleo.open(f"/desk/cases/{reference}")
    cleo.page.get_by_text("It is done", exact=True).click()
    cleo.page.get_by_label("What was done, in plain words").fill("It is warm again.")
    walk.follow(cleo.page, "Ask the member if it is solved")
    phone.open(f"/cases/{reference}")
    page.get_by_label("Yes, it is solved").check()
    walk.press(page, "Send my answer")
    expect(page.locator(".promise")).to_contain_text("Closed: solved")


def test_a_member_files_and_follows_without_scripts(window):
    maria = window(**PHONE, **PLAIN)
    walk.sign_in(maria, walk.MARIA)
    reference, _ = walk.tell(
        maria, story="The lift stopped again. I live on the fifth."
    )

    page = maria.open("/me")
    page.get_by_role("link", name="The lift stopped again").click()
    expect(page.locator(".above")).to_have_text(f"Case {reference}")
    page.get_by_role("link", name="I do not want this any more").click()
    walk.press(page, "Yes, take it back")

    expect(page.get_by_role("status")).to_contain_text("You took your case back.")
    maria.open("/me/security")
    walk.press(page, "Sign out")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Something is wrong?")


def test_a_receipt_is_saved_and_checked_by_anybody(window, tmp_path):
    guest, stranger = window(), window(**PLAIN)
    walk.tell(guest)
    with guest.page.expect_download() as download:
        walk.press(guest.page, "Save the receipt")
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert re.fullmatch(r"[A-Z]{2}-[0-9A-Z]{7}-0\.tlog-proof", file.name)

    page = stranger.open("/ledger/verify")
    page.get_by_label("Receipt file").set_input_files(file)
    walk.press(page, "Check it")

    expect(page.locator(".banner")).to_contain_text("This receipt is true.")


def test_a_link_in_a_message_opens_the_case_and_leaves_no_trace(window):
    mail = "guest@elsewhere.example"
    guest, phone = window(**PLAIN), window(**PHONE, **PLAIN)
    reference, _ = walk.tell(guest, contact=mail)
    link = re.search(r"/c/[\w.-]+", guest.town.mail(mail).replace("=\n", ""))[0]

    page = phone.open(link)

    expect(page.locator(".above")).to_have_text(f"Case {reference}")
    assert page.url == f"{guest.town.url}/cases/{reference}"


def test_going_back_with_the_browser_keeps_what_was_typed(window):
    guest = window(**PLAIN)
    page = guest.open("/tell/1")
    page.get_by_label("Tell it in your own words").fill(walk.STORY)
    walk.follow(page, "Continue")

    page.go_back()
    page.reload()

    expect(page.get_by_label("Tell it in your own words")).to_have_value(walk.STORY)


def test_after_an_error_the_summary_is_focused_and_leads_to_the_field(window):
    page = window(**PLAIN).open("/tell/1")
    walk.follow(page, "Continue")

    expect(page.locator("#problems")).to_be_focused()
    page.get_by_role("link", name="Tell us what happened, in your own words").click()
    expect(page.locator("#text")).to_be_focused()


def test_the_first_tab_leads_past_the_top(window):
    page = window().open("/")
    page.keyboard.press("Tab")

    expect(page.get_by_role("link", name="Skip to the main part")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Tell us what happened")).to_be_focused()


def test_a_passkey_is_made_and_signs_in(window):
    maria = window()
    session = maria.context.new_cdp_session(maria.page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    walk.sign_in(maria, walk.MARIA)
    page = maria.open("/me/security")
    page.get_by_label("Name of the new passkey").fill("my phone")
    walk.press(page, "Add a passkey")
    expect(page.get_by_role("status")).to_contain_text(
        "You can sign in with this passkey"
    )
    walk.press(page, "Sign out")

    maria.open("/sign-in")
    walk.press(page, "Sign in with a passkey")

    expect(page.get_by_role("heading", level=1)).to_have_text("My cases")


def test_a_member_asks_about_their_data_and_reads_the_answer(window):
    maria, dov = window(), window()
    walk.sign_in(maria, walk.MARIA)
    walk.sign_in(dov, walk.DOV)
    walk.ask_about_data(maria, "Who wrote the note of May about me?")

    walk.waiting_request(dov)
    page = dov.page
    expect(page.get_by_text("Who wrote the note of May about me?")).to_be_visible()
    page.get_by_label("Refuse it, with the reason").check()
    page.get_by_label("In words").fill("It names somebody else.")
    walk.press(page, "Send the answer")
    expect(page.locator("#problems")).to_be_focused()
    page.get_by_label("Whom can they complain to?").fill("The data office, Ash")
    walk.press(page, "Send the answer")
    expect(page.get_by_role("status")).to_contain_text("They are told")

    page = maria.open("/me/data")
    expect(page.get_by_text("It names somebody else.")).to_be_visible()
    expect(page.get_by_text("The data office, Ash")).to_be_visible()


def test_keys_move_on_the_desk_and_can_be_switched_off(window):
    guest, cleo = window(), window()
    walk.tell(guest, story="A lamp is broken.")
    walk.sign_in(cleo, walk.CLEO)
    page = cleo.open("/desk")
    page.keyboard.press("j")
    expect(page.locator("tbody th a").first).to_be_focused()

    walk.press(page, "Keys off")
    page.locator("body").click()
    page.keyboard.press("t")

    expect(page.get_by_role("button", name="Take the next one")).not_to_be_focused()
