import re

import pytest
from sqlalchemy import select

from node import submissions
from node.cases.lists import PAGE
from node.models.accounts import Account, SignIn
from tests.support.authenticator import Authenticator
from tests.support.cast import told
from tests.support.members import visitor

ADA = "ada@ash.example"


def test_a_link_signs_in_once_and_only_when_it_is_pressed(house):
    reader = house.reader()
    reader.open("/sign-in")
    reader.send("/sign-in", contact=ADA)
    link = re.search(r"/sign-in/\S+", house.mail(ADA))[0]

    scanner = house.reader()
    scanner.open(link)
    scanner.open(link)
    assert "Sign in as a...a@a...e?" in scanner.text
    reader.open(link)
    reader.send(link)
    assert "You are signed in." in reader.text

    scanner.open(link, status=410)
    assert "This link does not work any more" in scanner.text


def test_a_code_signs_in_on_another_device(house):
    reader = house.reader()
    reader.open("/sign-in")
    reader.send("/sign-in", contact=ADA)
    code = re.search(r"\b\d{6}\b", house.mail(ADA))[0]
    reader.send("/sign-in/code", status=422, code="")
    reader.send("/sign-in/code", status=422, code=str((int(code) + 1) % 1_000_000))
    assert "This code is wrong or too old" in reader.text

    reader.send("/sign-in/code", code=f"{code[:3]} {code[3:]}")

    assert reader.path.startswith("/me")


def test_nobody_learns_who_has_an_account(house):
    known, unknown = house.reader(), house.reader()
    for reader, contact in ((known, ADA), (unknown, "nobody@ash.example")):
        reader.open("/sign-in")
        reader.send("/sign-in", contact=contact)

    assert known.text.replace(ADA, "") == unknown.text.replace("nobody@ash.example", "")


@pytest.mark.parametrize("contact", ["", "nobody", "a@", "12"])
def test_what_is_no_contact_is_named(guest, contact):
    guest.open("/sign-in")
    guest.send("/sign-in", status=422, contact=contact)

    assert 'href="#contact"' in guest.html


def test_after_signing_in_people_are_where_they_wanted_to_be(house):
    reader = house.reader()
    reader.open("/me/security")
    assert reader.path == "/sign-in?next=%2Fme%2Fsecurity"
    reader.send("/sign-in", contact=ADA)
    code = re.search(r"\b\d{6}\b", house.mail(ADA))[0]

    reader.send("/sign-in/code", code=code)

    assert reader.path == "/me/security"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "evil", "/\tx"],
)
def test_nobody_is_led_out_of_the_house(house, elsewhere):
    reader = house.reader()
    reader.open("/sign-in")
    reader.send("/sign-in", contact=ADA, next=elsewhere)
    code = re.search(r"\b\d{6}\b", house.mail(ADA))[0]

    reader.send("/sign-in/code", code=code)

    assert reader.path == "/me?done=in"


def test_the_code_page_without_asking_leads_back(guest):
    guest.open("/sign-in/sent")

    assert guest.path == "/sign-in"


def test_nothing_waits_for_a_new_member(house):
    ada = house.member(ADA)

    assert "Nothing is waiting for you." in ada.text


def test_a_member_who_told_much_turns_pages(house):
    ada = house.member(ADA)
    with house.node.read() as tx:
        (person,) = tx.scalars(select(Account.person_id).join(SignIn).distinct())
    for number in range(PAGE + 1):
        house.village.pass_time(minutes=1)
        words = told(text=f"It is the {number}th time")
        submissions.submit(house.node, words, by=visitor(house.node, person))

    ada.open("/me")
    assert "It is the 50th time" in ada.text
    assert "It is the 0th time" not in ada.text
    (older,) = re.findall(r'href="(\?before=[^"]+)"', ada.html)
    ada.open("/me" + older)

    assert "It is the 0th time" in ada.text
    assert "It is the 1th time" not in ada.text
    assert "The newest" in ada.text


def test_signing_out_ends_it(house):
    ada = house.member(ADA)
    ada.open("/me/security")

    ada.send("/sign-out")

    assert ada.path == "/"
    ada.open("/me")
    assert ada.path.startswith("/sign-in")


def test_another_device_can_be_signed_out(house):
    ada, phone = house.member(ADA), house.member(ADA)
    ada.open("/me/security")
    assert ada.text.count("this one") == 1
    address = next(form.action for form in ada.forms if "/sessions/" in form.action)

    ada.send(address)

    assert "That device is signed out." in ada.text
    phone.open("/me")
    assert phone.path.startswith("/sign-in")


def test_a_passkey_is_added_used_and_taken_away(house):
    ada = house.member(ADA)
    ada.open("/me/security")
    device = Authenticator("https://ash.example", b"\x07" * 32)
    with_passkey(ada, device.make, label="my phone")
    ada.open("/me/security")
    assert "my phone" in ada.text

    elsewhere = house.reader()
    elsewhere.open("/sign-in")
    answer = with_passkey(elsewhere, device.sign)
    assert answer.json == {"next": "/me?done=in"}
    elsewhere.open("/me")
    assert elsewhere.path == "/me"

    address = next(form.action for form in ada.forms if form.action.endswith("/remove"))
    ada.send(address)
    assert "The passkey is gone." in ada.text


def test_a_foreign_passkey_signs_nobody_in(house):
    guest = house.reader()
    guest.open("/sign-in")
    device = Authenticator("https://ash.example", b"\x09" * 32)

    assert with_passkey(guest, device.sign).status_code == 401


def test_keys_are_changed_only_by_who_has_just_signed_in(house):
    ada = house.member(ADA)
    house.village.pass_time(minutes=20)

    ada.open("/me/security")

    assert "show once more that it is you" in ada.text
    assert not [form for form in ada.forms if "passkeys" in form.action]


def test_without_scripts_passkeys_are_not_offered(guest):
    guest.open("/sign-in")

    assert re.search(r'<form [^>]*data-passkey="get"[^>]* hidden>', guest.html)


def with_passkey(reader, act, **more):
    """Do what the page's script does, with a device in software."""
    form = next(form for form in reader.forms if "passkey" in form.action)
    hidden = {k: form.values[k] for k in ("csrf", "form_token") if k in form.values}
    headers = {"Origin": "https://ash.example"}
    ask = reader.client.post(
        f"{form.action}/options",
        data=hidden,
        headers=headers,
        base_url="https://ash.example",
    ).json
    return reader.client.post(
        form.action,
        data={
            **hidden,
            **more,
            "state": ask["state"],
            "answer": act(ask["options"]),
        },
        headers=headers,
        base_url="https://ash.example",
    )
