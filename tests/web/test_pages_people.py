"""Who is whom at the desk: looking, deciding, and taking it back, through the pages."""

import re

import pytest

from tests.web.conftest import TRIAGED

MAIL = "zoe@mailbox.example"
STORIES = ("The roof leaks.", "The roof still leaks.")


@pytest.fixture
def cleo(house):
    return house.member("cleo@ash.example")


@pytest.fixture
def twice(house, cleo):
    """The references of two cases told under one address."""
    told = [house.told(text=story, contact=MAIL)[1] for story in STORIES]
    for _ in told:
        cleo.open("/desk/triage")
        cleo.send("/desk/triage", **TRIAGED)
    return told


def people_on(reader):
    found = re.findall(r"/desk/people/([0-9a-f-]{36})\"", reader.html)
    return list(dict.fromkeys(found))


def test_nobody_waits_to_be_recognised_at_first(cleo):
    cleo.open("/desk")
    assert "/desk/unmatched" in cleo.html

    cleo.open("/desk/unmatched")

    assert "Nobody waits to be recognised." in cleo.text


def test_two_are_made_one_and_two_again(cleo, twice):
    cleo.open("/desk/unmatched")
    assert "Same address or number." in cleo.text
    assert "the address is known here" in cleo.text
    assert all(reference in cleo.text for reference in twice)

    cleo.send("/desk/unmatched")

    assert "They are one person now." in cleo.text
    assert all(reference in cleo.text for reference in twice)
    assert cleo.text.count("z...e@m...e") == len(twice)
    page = cleo.path.partition("?")[0]
    cleo.open("/desk/unmatched")
    assert "Nobody waits to be recognised." in cleo.text
    cleo.open(page)
    cleo.send(f"{page}/unmerge", merge=value(cleo, "merge"))
    assert "They are two people again." in cleo.text
    assert "Could be the same person" in cleo.text
    assert cleo.text.count("z...e@m...e") == 1


def value(reader, name):
    return re.search(rf'name="{name}" value="([^"]+)"', reader.html)[1]


def test_two_can_be_two(cleo, twice):
    cleo.open("/desk/unmatched")

    cleo.send("/desk/unmatched", apart="yes")

    assert "They are two people." in cleo.text
    assert "Nobody waits to be recognised." in cleo.text
    assert twice[0] not in cleo.text


def test_a_person_is_merged_from_their_own_page(cleo, twice):
    cleo.open(f"/desk/cases/{twice[0]}")
    (person,) = people_on(cleo)
    cleo.open(f"/desk/people/{person}")
    assert "not proven" in cleo.text
    assert "The roof leaks" in cleo.text

    cleo.send(f"/desk/people/{person}/merge", other=value(cleo, "other"))

    assert "They are one person now." in cleo.text
    assert "Turned out to be this person" in cleo.text


def test_whoever_was_faster_is_not_overruled_and_it_is_said(house, cleo, twice):
    del twice
    cleo.open("/desk/unmatched")
    other = house.member("cleo@ash.example")
    other.open("/desk/unmatched")
    other.send("/desk/unmatched")

    cleo.send("/desk/unmatched", status=409)

    assert "These are one person already." in cleo.text


@pytest.mark.parametrize("mail", ["ben@ash.example", "ada@ash.example"])
def test_the_pages_are_not_for_everybody(house, cleo, twice, mail):
    cleo.open(f"/desk/cases/{twice[0]}")
    (person,) = people_on(cleo)
    reader = house.member(mail)

    reader.open("/desk/unmatched", status=403)

    reader.open(f"/desk/people/{person}", status=404 if "ben" in mail else 403)
    assert "z...e" not in reader.text


def test_before_triage_a_case_leads_to_no_person(house, cleo):
    house.told(contact=MAIL)
    _, reference = house.told(contact=MAIL)

    cleo.open(f"/desk/cases/{reference}")

    assert people_on(cleo) == []
    cleo.open("/desk/unmatched")
    assert reference not in cleo.text


def test_what_is_no_decision_is_refused(cleo, twice):
    del twice
    cleo.open("/desk/unmatched")
    form = next(one for one in cleo.forms if one.action == "/desk/unmatched")

    cleo.post("/desk/unmatched", 422, **{**form.values, "other": "nobody"})

    nobody = "00000000-0000-4000-8000-000000000000"
    cleo.post("/desk/unmatched", 404, **{**form.values, "other": nobody})


def test_an_address_shows_after_a_press_and_its_owner_reads_who_looked(house, cleo):
    page, reference = house.told(contact=MAIL)
    cleo.open("/desk/triage")
    cleo.send("/desk/triage", **TRIAGED)
    cleo.open(f"/desk/cases/{reference}")
    (person,) = people_on(cleo)
    assert MAIL not in cleo.html
    cleo.open(f"/desk/people/{person}")
    assert MAIL not in cleo.html
    (press,) = {form.action for form in cleo.forms if "/contacts/" in form.action}

    cleo.send(press, status=200)

    assert MAIL in cleo.text
    assert MAIL not in cleo.path
    assert not [form for form in cleo.forms if "/contacts/" in form.action]
    cleo.open(f"/desk/people/{person}")
    assert MAIL not in cleo.html
    page.open(f"/cases/{reference}/sharing")
    assert "how to reach the person" in page.text


def test_who_left_no_address_is_said_to_have_left_none(house, cleo):
    _, reference = house.told()
    cleo.open("/desk/triage")
    cleo.send("/desk/triage", **TRIAGED)
    cleo.open(f"/desk/cases/{reference}")
    (person,) = people_on(cleo)

    cleo.open(f"/desk/people/{person}")

    assert "They left no address." in cleo.text
    assert "Whoever it belongs to" not in cleo.text
