"""Proving an address through the page: none, a wrong code, and the right one."""

import re

MAIL = "zoe@mailbox.example"


def code_of(house):
    return re.search(r"\b[0-9]{6}\b", house.mail(MAIL))[0]


def test_an_address_is_proven_by_the_code_that_went_there(house):
    guest, reference = house.told(contact=MAIL)
    page = f"/cases/{reference}/proof"
    guest.open(f"/cases/{reference}")
    assert page in guest.html
    guest.open(page)
    assert "z...e@m...e" in guest.text
    assert "The code from the mail" not in guest.text

    guest.send(page)
    code = code_of(house)
    wrong = "000000" if code != "000000" else "000001"
    guest.send(f"{page}/code", 422, code=wrong)
    assert "This code is wrong" in guest.text
    guest.send(f"{page}/code", 422, code="")
    assert "Type the code from the mail" in guest.text
    guest.send(f"{page}/code", code=code)

    assert "Your address is proven." in guest.text
    assert page not in guest.html
    guest.open(page)
    assert "You have just shown that it is you." in guest.text


def test_who_left_no_address_reads_that(house):
    guest, reference = house.told()
    guest.open(f"/cases/{reference}")
    assert "Prove your address" not in guest.text

    guest.open(f"/cases/{reference}/proof")

    assert "There is no address here that is not proven." in guest.text


def test_too_many_codes_are_refused_on_the_same_page(house):
    guest, reference = house.told(contact=MAIL)
    page = f"/cases/{reference}/proof"
    guest.open(page)
    for _ in range(3):
        guest.send(page)

    guest.send(page, 429)

    assert "too often" in guest.text


def test_it_is_not_there_for_others(house):
    _, reference = house.told(contact=MAIL)
    other, _ = house.told(text="Something else.")

    other.open(f"/cases/{reference}/proof")

    assert other.path.startswith("/sign-in")
    assert "z...e" not in other.text
