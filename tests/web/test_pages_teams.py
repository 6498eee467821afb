import re

import pytest

from tests.web.conftest import TRIAGED

MADE = {"name": "Homes", "method": "round_robin", "topics": "housing"}


@pytest.fixture
def cleo(house):
    return house.member("cleo@ash.example")


@pytest.fixture
def homes(cleo):
    """The page of a team that cleo made, and put Ben into."""
    cleo.open("/admin/teams")
    cleo.send("/admin/teams", **MADE)
    path = cleo.path.partition("?")[0]
    ben = re.search(r'<option value="([^"]+)">Ben Ito', cleo.html)[1]
    cleo.send(f"{path}/people", person=ben, place="deputy")
    return path


def test_teams_are_for_those_who_share_out_cases(house):
    ben = house.member("ben@ash.example")

    ben.open("/admin/teams", status=403)

    ben.open("/desk")
    assert 'href="/admin/teams"' not in ben.html


def test_without_teams_the_page_says_so(cleo):
    cleo.open("/admin/teams")

    assert "There are no teams yet." in cleo.text


def test_a_team_is_made_and_shown_with_its_people(cleo, homes):
    cleo.open(homes)

    assert "Ben Ito deputy" in cleo.text
    assert "Cleo Marsh coordinates" in cleo.text
    assert "needs a coordinator" not in cleo.text
    assert re.search(r'value="housing" checked', cleo.html)
    cleo.open("/admin/teams")
    assert "Homes In turn 2" in cleo.text


def test_a_team_with_one_person_is_said_to_lack_a_deputy(cleo, homes):
    cleo.open(homes)

    out = next(it for it in cleo.forms if it.values.get("person"))
    cleo.post(f"{homes}/people", **{**out.values, "place": "out"})

    assert "A team needs a coordinator and a deputy" in cleo.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "Give the team a name"),
        ({"name": "Homes"}, "There is a team of this name."),
        ({"method": "by-wealth"}, "Choose how cases are given"),
        ({"topics": "weather"}, "Choose from the list."),
    ],
)
def test_what_is_wrong_with_a_team_is_said_and_nothing_is_lost(
    cleo, homes, typed, said
):
    del homes
    cleo.open("/admin/teams")

    cleo.send("/admin/teams", status=422, **{**MADE, "name": "Others", **typed})

    assert said in cleo.text
    assert cleo.forms[-1].values["name"] == typed.get("name", "Others")


def test_a_team_is_changed_and_closed(cleo, homes):
    cleo.open(homes)
    cleo.send(homes, name="Houses", method="lottery", topics="debt")
    assert cleo.title.startswith("Houses")
    assert re.search(r'value="debt" checked', cleo.html)

    cleo.send(f"{homes}/close")

    assert "This team is closed." in cleo.text


def test_a_team_that_is_not_there_is_a_missing_page(cleo):
    cleo.open("/admin/teams/00000000-0000-0000-0000-000000000000", status=404)


def test_somebody_must_be_chosen(cleo, homes):
    cleo.open(homes)

    put = [it for it in cleo.forms if it.action == f"{homes}/people"][-1]
    cleo.post(put.action, status=422, **{**put.values, "person": ""})

    assert "Choose a person" in cleo.text


@pytest.mark.capability("1.9")
def test_triage_into_a_team_offers_the_case_and_the_member_reads_why(
    house, cleo, homes
):
    del homes
    guest, reference = house.told()
    cleo.open("/desk/triage")
    cleo.send("/desk/triage", **TRIAGED)
    house.village.work(house.node)
    ben = house.member("ben@ash.example")

    ben.open(f"/desk/cases/{reference}")
    ben.send(f"/desk/cases/{reference}/accept")
    guest.open(f"/cases/{reference}")

    assert "Ben Ito is your advocate." in guest.text
    assert "They had waited longest for a case. 2 people were looked at." in guest.text


def test_what_was_found_and_the_priority_that_it_suggests_are_on_one_screen(
    house, cleo
):
    guest, reference = house.told()
    cleo.open("/desk/triage")

    cleo.send(
        "/desk/triage",
        **{**TRIAGED, "priority": "high", "deadline": "yes", "language": "pt-BR"},
        sensitivity="sensitive",
    )

    guest.open(f"/cases/{reference}")
    assert "As usual" in guest.text


def test_a_language_that_is_none_is_said_at_its_field(house, cleo):
    house.told()
    cleo.open("/desk/triage")

    cleo.send("/desk/triage", status=422, **{**TRIAGED, "language": "English"})

    assert 'href="#language"' in cleo.html
