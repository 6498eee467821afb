"""Erasing on the pages of a case, as a guest and as a member do it."""

import re

import pytest

from node import log
from tests.web.conftest import STORY, TRIAGED, tell

MARK = "The neighbour's name is Mx Canary."


@pytest.fixture
def told(house):
    """A guest who said too much, and the four words of their case."""
    guest, reference = house.told()
    words = " ".join(re.findall(r"<li>(\w+)</li>", four(guest.html)))
    assert len(words.split()) == 4
    guest.open(f"/cases/{reference}")
    guest.send(f"/cases/{reference}/messages", write=MARK)
    house.village.pass_time(minutes=2)
    house.village.work(house.node)
    return guest, f"/cases/{reference}", words


def four(html):
    return re.search(r'<ol class="four.*?</ol>', html, re.DOTALL)[0]


def message(guest, case):
    """Return the address that erases the message, as the page leads there."""
    guest.open(f"{case}/erase")
    return [link for link in guest.links if re.search(r"/erase/[0-9]+\Z", link)][-1]


def test_the_page_of_a_case_leads_to_what_can_be_erased(told):
    guest, case, _ = told
    guest.open(case)
    assert f"{case}/erase" in guest.links

    guest.open(f"{case}/erase")

    for words in (
        "What you told us",
        "What your case is about",
        "A message from you",
        "We ask once more before anything goes.",
    ):
        assert words in guest.text
    assert guest.html.count("<h1>") == 1


def test_the_whole_case_goes_only_from_a_page_that_asks_once_more(told):
    guest, case, _ = told
    guest.open(f"{case}/erase")
    assert "<form" not in main(guest)
    assert f"{case}/erase/all" in guest.links

    guest.open(f"{case}/erase/all")

    for words in (
        "Erase the whole case?", STORY.rstrip("."), "It has 8 entries.",
        "nobody can bring it back", "your advocate can still show their own receipt",
        "The receipts of all others still hold",
    ):  # fmt: skip
        assert words in guest.text
    assert guest.html.count("<h1>") == 1


@pytest.mark.parametrize("there", ["erase/all", "erase/0"])
def test_a_button_that_erases_looks_like_danger_and_no_other_like_the_first(
    told, there
):
    guest, case, _ = told
    guest.open(f"{case}/{there}")

    assert re.findall(r'<button class="([^"]*)"', main(guest)) == ["button danger"]


def main(guest):
    return re.search(r"<main.*?</main>", guest.html, re.DOTALL)[0]


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("redact-text", "Some of the words here were erased."),
        ("content", "The words here were erased."),
        ("entry", "There was an entry here. It was erased"),
    ],
)
def test_a_message_goes_as_far_as_its_writer_wants(told, what, said):
    guest, case, words = told
    there = message(guest, case)
    guest.open(there)
    assert MARK in guest.text

    guest.send(there, what=what, words=words)

    assert "It is erased." in guest.text
    assert MARK not in guest.html
    assert said in guest.text
    assert STORY in guest.text
    if what == "entry":
        guest.open(f"{case}/receipts/{there.rpartition('/')[2]}", status=410)
        guest.open(there, status=404)


def test_a_link_alone_erases_nothing_and_the_page_says_why(told):
    guest, case, _ = told
    for there, typed in ((f"{case}/erase/all", {}), (message(guest, case), WHAT)):
        guest.open(there)

        guest.send(there, status=422, words="not these four", **typed)

        assert "These are not the four words of this case" in guest.text
        assert 'aria-invalid="true"' in guest.html
    guest.open(case)
    assert MARK in guest.text


WHAT = {"what": "content"}


@pytest.mark.parametrize(
    "typed", [{}, {"what": "all"}, {"what": "redact-"}, {"what": "redact-Text"}]
)
def test_what_is_no_choice_is_asked_for_again(told, typed):
    guest, case, words = told
    there = message(guest, case)
    guest.open(there)

    guest.send(there, status=422, words=words, **typed)

    assert "Say what shall be erased" in guest.text


def test_a_part_is_called_what_it_is_and_shows_its_words(told):
    guest, case, _ = told
    guest.open(f"{case}/erase")
    assert "What your case is about (entry 1)" in guest.text
    assert "What you asked for" not in guest.text

    guest.open(f"{case}/erase/1")

    assert "What your case is about" in guest.text
    assert STORY in guest.text


def test_the_story_goes_and_the_case_has_its_number_for_a_title(told):
    guest, case, words = told
    guest.open(f"{case}/erase/0")
    assert "They go from all three." in guest.text
    assert "the place you named goes too" in guest.text

    guest.send(f"{case}/erase/0", what="redact-text", words=words)

    assert STORY not in guest.html
    assert case.rpartition("/")[2] in guest.title


def test_a_whole_case_goes_and_nothing_opens_it_any_more(house, told):
    guest, case, words = told
    guest.open(f"{case}/erase/all")

    guest.send(f"{case}/erase/all", words=words, named="yes")

    assert "Nothing of case" in guest.text
    for who, there in ((guest, case), (guest, f"{case}/erase"), (house.reader(), case)):
        who.open(there)
        assert who.path.startswith("/sign-in")


def test_a_member_shows_that_it_is_them_and_sees_afterwards_that_it_went(house):
    ada = house.member("ada@ash.example")
    ada.open("/tell/1")
    tell(ada)
    case = "/cases/" + re.search(r"[A-Z]{2}-[0-9A-Z]{7}", ada.text)[0]
    house.village.pass_time(minutes=20)
    ada.open(f"{case}/erase/all")
    ada.send(f"{case}/erase/all", status=401)

    again = house.member("ada@ash.example")
    again.open(f"{case}/erase/all")
    assert "four words" not in again.text
    again.send(f"{case}/erase/all")

    assert "Nothing of case" in again.text
    again.open(case, status=410)
    assert "It was erased" in again.text
    again.open("/me")
    assert "Erased" in again.text


def test_nobody_but_its_member_is_asked(house):
    _guest, cleo, reference = house.taken()

    for there in ("erase", "erase/all", "erase/0"):
        cleo.open(f"/cases/{reference}/{there}", status=403)
    cleo.open(f"/desk/cases/{reference}")
    assert "/erase" not in cleo.html


def test_the_ledger_says_in_plain_words_that_something_was_erased(house, told):
    guest, case, words = told
    there = message(guest, case)
    guest.open(there)
    guest.send(there, what="entry", words=words)
    house.village.pass_time(minutes=2)
    house.village.work(house.node)
    (tombstone, *_) = log.newest(house.node, clear=True)

    reader = house.reader()
    reader.open(f"/ledger/{tombstone.index}")

    assert "somebody had something of theirs erased" in reader.text
    assert "tombstone" in reader.text
    for index in range(tombstone.index):
        reader.open(f"/ledger/{index}")


def test_the_receipt_of_an_erased_story_is_not_offered_any_more(told):
    guest, case, words = told
    guest.open(f"{case}/erase/0")

    guest.send(f"{case}/erase/0", what="entry", words=words)

    assert f"{case}/receipts/0" not in guest.links
    assert "it has no receipt here any more" in guest.text
    assert f"{case}/bundle" in guest.links
    assert "Received: our ledger has it" not in guest.text
    guest.open(f"{case}/receipts/0", status=410)
    assert case in guest.links


def test_the_receipt_of_a_story_whose_words_went_is_offered_as_before(told):
    guest, case, words = told
    guest.open(f"{case}/erase/0")

    guest.send(f"{case}/erase/0", what="content", words=words)

    assert f"{case}/receipts/0" in guest.links
    guest.open(f"{case}/receipts/0")


def test_triage_of_an_erased_story_says_so_and_goes_on(house, told):
    guest, case, words = told
    cleo = house.member("cleo@ash.example")
    cleo.open("/desk/triage")
    assert STORY in cleo.text
    guest.open(f"{case}/erase/0")
    guest.send(f"{case}/erase/0", what="entry", words=words)

    cleo.open("/desk/triage")

    assert "The member erased what they told us." in cleo.text
    assert '<p class="said"></p>' not in cleo.html
    cleo.send("/desk/triage", **TRIAGED)
    assert "The case is in the queue." in cleo.text


def test_the_page_on_privacy_knows_that_people_erase_things_themselves(told):
    guest, _, _ = told
    guest.open("/privacy")

    assert "and erase something you said, or everything" in guest.text
    assert "correction or erasure, write in your case" not in guest.text


def test_the_page_on_accessibility_names_all_that_needs_scripts(told):
    guest, _, _ = told
    guest.open("/accessibility")

    assert "which have 32" in guest.text
    for words in ("Signing your words", "The check of a receipt", "a passkey"):
        assert words in guest.text
