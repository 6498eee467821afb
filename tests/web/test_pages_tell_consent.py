"""What somebody agrees to by sending is what they have read before."""

import re

from tests.web.conftest import STORY, tell

MEMBERS = "We write to you about this case, at the address you sign in with."
AGREED = "You agreed that we write to you or call you about this case."


def ready(reader):
    """Go as far as the page on which one sends."""
    reader.open("/tell/1")
    reader.send("/tell/1", text=STORY)
    reader.send("/tell/2", area="none")
    if reader.path == "/tell/3":
        reader.send("/tell/3", reach="words")


def case_of(reader):
    return "/cases/" + re.search(r"[A-Z]{2}-[0-9A-Z]{7}", reader.text)[0]


def test_a_member_agrees_to_be_written_to_only_after_reading_it(house):
    ada = house.member("ada@ash.example")
    ready(ada)
    assert "By sending you also agree that we write to you" in ada.text
    ada.send("/tell/4", audience="assigned")
    assert MEMBERS in ada.text

    ada.send("/tell/5")

    ada.open(case_of(ada))
    assert AGREED in ada.text
    stop = re.search(r'action="(\S+/consents/\S+/stop)"', ada.html)[1]
    ada.send(stop)
    assert AGREED not in ada.text


def test_a_guest_who_left_no_address_reads_of_none_and_agrees_to_none(house):
    guest = house.reader()
    ready(guest)
    assert "By sending you also agree" not in guest.text
    guest.send("/tell/4", audience="assigned")
    assert MEMBERS not in guest.text

    guest.send("/tell/5")

    guest.open(case_of(guest))
    assert "You agreed that we work on this case." in guest.text
    assert AGREED not in guest.text


def test_who_signs_in_half_way_reads_it_before_they_send(house):
    guest = house.reader()
    ready(guest)
    guest.send("/tell/4", audience="assigned")
    guest.open("/sign-in")
    guest.send("/sign-in", contact="ada@ash.example")
    link = re.search(r"/sign-in/\S+", house.mail("ada@ash.example"))[0]
    guest.open(link)
    guest.send(link)

    guest.open("/tell/5")

    assert MEMBERS in guest.text


def test_a_guest_who_left_an_address_agreed_to_its_use(house):
    guest = house.reader()
    tell(guest, contact="ann@example.org")

    guest.open(case_of(guest))

    assert AGREED in guest.text
