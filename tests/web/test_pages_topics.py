"""Topics, through the pages and for programs."""

import re

import pytest

from tests.support import members
from tests.support.clients import Browser, Program, token_of
from tests.web.conftest import TRIAGED


@pytest.fixture
def cleo(house):
    return house.member("cleo@ash.example")


def make(cleo, name="Homes", topics="housing"):
    cleo.open("/admin/teams")
    cleo.send("/admin/teams", name=name, method="round_robin", topics=topics)
    return cleo.path.partition("?")[0].rpartition("/")[2]


def test_without_teams_the_page_says_so_and_what_cannot_be_changed_yet(cleo):
    cleo.open("/desk")
    cleo.open(next(it for it in cleo.links if it == "/admin/topics"))

    assert "There are no teams yet. All cases wait in one queue." in cleo.text
    assert "Nothing is promised" in cleo.text
    assert "Members cannot change it by a vote yet" in cleo.text
    cleo.open("/admin/topics/housing")
    assert "There are no teams yet." in cleo.text


def test_a_topic_shows_its_cases_and_who_takes_it(house, cleo):
    house.told()
    cleo.open("/admin/topics")
    assert "Not sorted yet 1 1 " in cleo.text
    cleo.open("/desk/triage")
    cleo.send("/desk/triage", **TRIAGED)
    make(cleo, "Work", "work")
    cleo.open("/admin/topics")

    assert re.search(r"Housing 1 0 \w", cleo.text)
    assert "Not sorted yet 0 0 Nothing is promised" in cleo.text
    assert "No team. Its cases wait in the common queue." in cleo.text
    house.village.pass_time(days=20)
    iris = Browser(house.app, house.node)
    iris.sign_in(members.join(house.node, "iris@ash.example", "coordinator"))
    assert "late: was due" in iris.get("/admin/topics/").text


def test_the_team_that_takes_it_is_changed_there(cleo):
    homes, work = make(cleo), make(cleo, "Work", "work")
    cleo.open("/admin/topics/housing")
    assert re.search(rf'value="{homes}" checked', cleo.html)

    form = next(it for it in cleo.forms if it.action == "/admin/topics/housing")
    cleo.post(form.action, **{**form.values, "teams": work, "status": 422})
    assert "A team keeps at least one topic." in cleo.text
    assert re.search(rf'value="{work}" checked', cleo.html)
    cleo.open("/admin/topics/debt")
    form = next(it for it in cleo.forms if it.action == "/admin/topics/debt")
    cleo.post(form.action, **{**form.values, "teams": homes})

    assert "It counts for cases that are put into the queue from now on." in cleo.text
    cleo.open(f"/admin/teams/{homes}")
    assert re.search(r'value="debt" checked', cleo.html)
    cleo.open("/admin/topics/debt")
    cleo.post(form.action, **{**form.values, "teams": "no number", "status": 422})
    assert "Choose from the list." in cleo.text


def test_what_is_no_topic_is_not_there(cleo):
    for code in ("nothing", "unsorted"):
        cleo.open(f"/admin/topics/{code}", status=404)


def test_topics_are_for_those_who_share_out_cases(house):
    ben = house.member("ben@ash.example")

    ben.open("/admin/topics", status=403)


def test_programs_see_and_change_the_same(house, cleo):
    homes = make(cleo)
    iris = members.join(house.node, "iris@ash.example", "coordinator")
    desk = Program(
        house.app, house.node, token_of(house.node, iris, role="coordinator")
    )

    items = desk.ask("GET", "/api/v1/topics").json["items"]
    assert items[0]["code"] == "housing"
    assert (items[0]["open"], items[0]["teams"][0]["name"]) == (0, "Homes")
    path = "/api/v1/topics/debt/teams"
    assert desk.ask("POST", path, {"teams": [homes]}).status_code == 204
    debt = next(
        it
        for it in desk.ask("GET", "/api/v1/topics").json["items"]
        if it["code"] == "debt"
    )
    assert [it["id"] for it in debt["teams"]] == [homes]
    only = desk.ask("POST", path, {"teams": [str(iris)]})
    assert (only.status_code, only.json["code"]) == (422, "invalid.choice")
