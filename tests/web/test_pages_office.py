"""Where everything beside the cases is found."""

import re

import pytest

from tests.support import members

AUDITOR = "finn@ash.example"
STEWARD, COORDINATOR = "dov@ash.example", "cleo@ash.example"


def links(reader):
    """Return every address of the list, without those of the head and the foot."""
    main = reader.html.partition("<main")[2].partition("</main>")[0]
    return re.findall(r'<li><p><a href="([^"]+)"', main)


@pytest.mark.parametrize(
    ("mail", "most", "never"),
    [
        (STEWARD, "/admin/breaches", "/admin/teams"),
        (COORDINATOR, "/admin/teams", "/admin/audit"),
        (AUDITOR, "/admin/audit", "/admin/people"),
    ],
)
def test_what_is_listed_opens_for_its_reader(house, mail, most, never):
    members.join(house.node, AUDITOR, "auditor")
    reader = house.member(mail)
    assert "/admin/" in reader.links
    reader.open("/admin/")
    found = links(reader)

    assert most in found
    assert never not in found
    for path in found:
        reader.open(path)
        assert re.search(r'<p class="above"><a href="/(admin/|desk)">', reader.html)


def test_no_page_of_the_office_is_left_out(house):
    rules = house.app.url_map.iter_rules()
    there = {
        it.rule.rstrip("/")
        for it in rules
        if it.rule.startswith("/admin/") and "GET" in it.methods and not it.arguments
    }
    listed = set()
    for mail in (STEWARD, COORDINATOR):
        reader = house.member(mail)
        reader.open("/admin/")
        listed |= set(links(reader))

    # What a page of the list leads to stands on that page.
    assert there - listed == {"/admin", "/admin/audit/reads.csv", "/admin/peers/find"}


def test_who_has_no_part_in_it_is_told_so(house):
    ada = house.member("ada@ash.example")
    assert "Office" not in ada.text

    ada.open("/admin/")

    assert "There is nothing for you to do here." in ada.text
    assert links(ada) == []


def test_who_is_not_signed_in_is_led_there(house):
    guest = house.reader()

    guest.open("/admin/")

    assert guest.path.startswith("/sign-in?")
