"""Who has seen a case, through the pages."""

import re


def test_a_guest_reads_who_has_seen_their_case(house):
    guest, cleo, reference = house.taken()
    cleo.open(f"/desk/cases/{reference}")

    guest.open(f"/cases/{reference}")
    assert f'href="/cases/{reference}/sharing"' in guest.html
    guest.open(f"/cases/{reference}/sharing")

    assert "Advocate" in guest.text
    assert "answers for it" in guest.text
    assert "Nobody has read it." not in guest.text
    assert "Nothing." in guest.text
    seen = guest.text.partition("Who has read it")[2]
    assert "Cleo" not in seen.partition("What left")[0]


def test_a_case_that_nobody_read_says_so(house):
    guest, reference = house.told()

    guest.open(f"/cases/{reference}/sharing")

    assert "Nobody has read it." in guest.text


def test_a_program_gets_the_same(house):
    guest, cleo, reference = house.taken()
    cleo.open(f"/desk/cases/{reference}")

    guest.open(f"/cases/{reference}/sharing?before=0")

    assert "There is nothing older." in guest.text
    assert re.search(r'href="\?">', guest.html)


def test_somebody_who_cannot_see_the_case_does_not_see_its_log(house):
    _, reference = house.told()
    ben = house.member("ben@ash.example")

    ben.open(f"/cases/{reference}/sharing", status=404)
    ben.open("/cases/AS-0000000/sharing", status=404)
