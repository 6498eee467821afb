"""Conflicts of interest through the pages: declare, challenge, veto, decide, appeal."""

import re

import pytest

from tests.support import members

GONE = "There is no such case here."


@pytest.fixture
def taken(house):
    members.join(house.node, "iris@ash.example", "coordinator")
    return house.taken()


def ids(reader, action):
    return re.findall(rf'action="({action}[^"]*)"', reader.html)


def test_the_member_says_not_this_person_and_the_advocate_finds_nothing(house, taken):
    guest, cleo, reference = taken
    guest.open(f"/cases/{reference}")

    guest.send(f"/cases/{reference}/veto", veto="She knows my landlord.")

    assert "They no longer see your case." in guest.text
    assert "Nobody has taken it yet." in guest.text
    cleo.open(f"/desk/cases/{reference}", status=404)
    cleo.open("/desk")
    assert reference not in cleo.html
    iris = house.member("iris@ash.example")
    iris.open("/desk/walls")
    assert "She knows my landlord." in iris.text


def test_a_lifted_veto_is_appealed_by_its_member_and_heard_by_a_steward(house, taken):
    guest, cleo, reference = taken
    guest.open(f"/cases/{reference}")
    guest.send(f"/cases/{reference}/veto")
    iris = house.member("iris@ash.example")
    iris.open("/desk/walls")
    (action,) = set(ids(iris, "/desk/walls/[0-9a-f-]{36}"))

    iris.send(action, stands="no")
    assert "It is decided." in iris.text
    cleo.open("/desk")
    cleo.send("/desk/take")
    guest.open(f"/cases/{reference}")
    assert "It was lifted: they can see the case." in guest.text
    (appeal,) = ids(guest, f"/cases/{reference}/veto/")
    guest.send(appeal)
    assert "A steward looks at it again." in guest.text
    dov = house.member("dov@ash.example")
    dov.open("/desk/walls")
    dov.send(action, stands="yes")

    cleo.open(f"/desk/cases/{reference}", status=404)
    dov.open(f"/desk/cases/{reference}", status=403)


def test_a_challenge_is_decided_by_somebody_on_no_side(house, taken):
    _, cleo, reference = taken
    iris = house.member("iris@ash.example")
    iris.open(f"/desk/cases/{reference}")
    chosen = re.search(r'<option value="([^"]+)">Ben Ito', iris.html)[1]

    iris.send(f"/desk/cases/{reference}/walls", status=422, walled="", wall_reason="")
    assert "Choose a person" in iris.text
    iris.send(
        f"/desk/cases/{reference}/walls", walled=chosen, wall_reason="His cousin."
    )

    assert "Coordinators who are on no side decide." in iris.text
    assert "Nobody has decided yet." in iris.text
    cleo.open("/desk/walls")
    assert "His cousin." in cleo.text
    (action,) = set(ids(cleo, "/desk/walls/[0-9a-f-]{36}"))
    cleo.send(action, stands="yes")
    cleo.open(f"/desk/cases/{reference}")
    assert f'<option value="{chosen}">Ben Ito' not in cleo.html


def test_an_advocate_says_it_of_themselves_and_the_case_is_gone(taken):
    _, cleo, reference = taken
    cleo.open(f"/desk/cases/{reference}")
    me = re.search(r'<option value="([^"]+)">Cleo Marsh', cleo.html)[1]

    cleo.send(f"/desk/cases/{reference}/walls", walled=me, wall_reason="My street.")

    assert "The case is hidden from you from now on." in cleo.text
    cleo.open(f"/desk/cases/{reference}", status=404)


def test_interests_are_declared_read_by_oneself_and_taken_back(house):
    ben, cleo = (house.member(f"{name}@ash.example") for name in ("ben", "cleo"))
    ben.open("/desk/walls")
    assert "You have declared nothing yet." in ben.text
    assert "Nothing waits for you." in ben.text

    ben.send("/desk/walls", status=422, kind="", subject="")
    assert "Choose what it is" in ben.text
    ben.send("/desk/walls", status=422, kind="kin", subject="a")
    assert "Give one name or address" in ben.text
    ben.send("/desk/walls", kind="kin", subject="Mo <b>Ito</b>")

    assert "Family or household: Mo <b>Ito</b>" in ben.text
    cleo.open("/desk/walls")
    assert "Ito" not in cleo.text
    (action,) = ids(ben, "/desk/walls/interests/")
    ben.send(action)
    assert "You have declared nothing yet." in ben.text


def test_who_is_not_at_the_desk_declares_nothing(house):
    ada = house.member("ada@ash.example")

    ada.open("/desk/walls", status=403)


def test_the_desk_withholds_small_totals_from_whoever_declared_an_interest(house):
    house.told()
    cleo = house.member("cleo@ash.example")
    cleo.open("/desk")
    assert "1 open, 0 in the queue, 1 new" in cleo.text
    cleo.open("/desk/walls")

    cleo.send("/desk/walls", kind="body", subject="Castle Works")
    cleo.open("/desk")

    few = "fewer than three"
    assert f"{few} open, {few} in the queue, {few} new" in cleo.text
    assert "Triage new ones" in cleo.text
