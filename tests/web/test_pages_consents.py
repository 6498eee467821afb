"""What somebody agreed to in a case: read, stopped with one press, given again."""

import json
import re

import pytest


@pytest.fixture
def told(house):
    guest, reference = house.told(contact="guest@mailbox.example")
    return guest, f"/cases/{reference}/consents"


def test_the_page_of_a_case_leads_to_what_was_agreed_to(told):
    guest, page = told
    guest.open(page.removesuffix("/consents"))
    assert page in guest.links

    guest.open(page)

    for words in (
        "What you agreed to",
        "use what I wrote to work on my case",
        "that you write to me or call me",
        "Wording tell-2. Agreed to on a page.",
    ):
        assert words in guest.text
    assert guest.html.count("<h1>") == 1


def test_one_press_stops_it_and_one_press_gives_it_again(told):
    guest, page = told
    guest.open(page)
    stop = next(it.action for it in guest.forms if it.action.endswith("/stop"))

    guest.send(stop, next="consents")
    assert "It stops now." in guest.text
    assert "You stopped it" in guest.text
    assert stop not in guest.html

    give = next(
        it
        for it in re.findall(r"<form.*?</form>", guest.html, re.DOTALL)
        if "contact_case:" in it
    )
    assert "I agree" in give
    guest.post(f"{page}/give", **hidden(give), what="contact_case:")
    assert "It is written down." in guest.text
    assert guest.text.count("You agreed,") == 3


def hidden(form):
    found = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return dict(found)


@pytest.mark.parametrize("what", ["", "everything", "publish:", "handle_case:ben"])
def test_what_is_not_offered_is_not_written_down(told, what):
    guest, page = told
    guest.open(page)
    before = guest.text.count("You agreed")
    form = next(it for it in guest.forms if it.action.endswith("/give"))

    guest.post(f"{page}/give", 422, **{**form.values, "what": what})

    guest.open(page)
    assert guest.text.count("You agreed") == before


def test_a_receipt_is_a_file_of_json(told):
    guest, page = told
    guest.open(page)
    link = next(it for it in guest.links if it.endswith("/receipt"))

    guest.open(link)

    assert guest.page.headers["Content-Disposition"].endswith('.jsonld"')
    assert json.loads(guest.html)["type"] == "dpv:ConsentReceipt"


def test_nobody_else_opens_the_page(house, told):
    _, page = told
    assert house.reader().open(page).startswith("Sign in")
    house.member("ben@ash.example").open(page, status=404)
    house.member("ada@ash.example").open(page, status=404)
