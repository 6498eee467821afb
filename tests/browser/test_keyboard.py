"""A whole morning of a coordinator who has no mouse."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import walk
from tests.browser.keys import Keys


@pytest.fixture
def waiting(window):
    """A guest who has told us something; their window, and the reference."""
    guest = window(viewport={"width": 390, "height": 844})
    reference, _ = walk.tell(guest, story="The lift has been broken for a month.")
    return guest, reference


@pytest.fixture
def ora(window):
    """A coordinator's keyboard, signed in with nothing else.

    Nobody else here is Ora: an address gets three links in a quarter of an hour.
    """
    visit = window(viewport={"width": 1280, "height": 800})
    before = visit.town.mails(walk.ORA)
    page = visit.open("/sign-in")
    keys = Keys(page)
    keys.write("Your email or phone number", walk.ORA)
    keys.press("Send me a link")
    link = re.search(r"/sign-in/[\w-]{20,}", visit.town.mail(walk.ORA, before))[0]
    visit.open(link)
    keys.follow("Yes, sign in")
    expect(page.get_by_role("heading", level=1)).to_have_text("My cases")
    return keys


def said(keys, words):
    expect(keys.page.get_by_role("status")).to_contain_text(words)


def triage(keys, reference):
    """Triage what waits until this one is in the queue."""
    keys.follow("Desk")
    keys.follow("Triage")
    while True:
        shown = keys.page.locator(".above").inner_text()
        keys.choose("Something is wrong and should be put right")
        keys.select("What is it about?", "Housing")
        keys.tick("Severe hardship")
        keys.choose("Soon")
        keys.write("Why?", "There are children.")
        keys.follow("Save and next")
        if reference in shown:
            return


def test_a_coordinator_needs_no_mouse_from_the_message_to_the_answer(waiting, ora):
    guest, reference = waiting
    triage(ora, reference)
    ora.follow("Back to the desk")
    ora.write("Look for a case by its words", reference)
    with ora.page.expect_navigation():
        ora.page.keyboard.press("Enter")
    ora.follow("The lift has been broken for a month")
    ora.follow("I take it")
    said(ora, "It is yours now.")

    ora.write("Your reply", "I have asked the owner.")
    ora.follow("Reply")
    said(ora, "The member gets your reply.")
    ora.press("Write a note")
    ora.write("The note", "The owner is slow.")
    ora.follow("Keep the note")
    ora.press("Add a step")
    ora.write("What is to be done", "Send us the letter.")
    ora.select("Who does it", "The member")
    ora.follow("Put it into the plan")
    said(ora, "It is in the plan.")
    ora.press("Ask the member one thing")
    ora.write("Your question", "Which lift is it?")
    ora.follow("Send the question")

    page = guest.open(f"/cases/{reference}")
    expect(page.get_by_text("Which lift is it?").first).to_be_visible()
    answering = Keys(page)
    answering.follow("It is done Send us the letter.")
    expect(page.get_by_role("status")).to_contain_text("Your advocate sees it.")
    answering.write("Your answer", "The left one.")
    answering.follow("Send")
    ora.page.reload()
    ora.press("It is done")
    ora.write("What was done, in plain words", "The left lift goes again.")
    ora.follow("Ask the member if it is solved")
    page = guest.open(f"/cases/{reference}")
    answering.choose("Yes, it is solved")
    answering.follow("Send my answer")
    expect(page.locator(".promise")).to_contain_text("Closed: solved")
