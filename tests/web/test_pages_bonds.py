"""Doubles at triage, links and merges, through the real pages and the API."""

import re

import pytest

from governance.cases import State
from tests.support import members
from tests.support.cast import moot_on
from tests.support.clients import Program, app_of, token_of
from tests.web.conftest import tell

DAMP = "It is damp in the kitchen and the owner of the house never answers us."
SAME = "It is damp in the kitchen and the owner of the house never answers."


@pytest.fixture
def iris(house):
    members.join(house.node, "iris@ash.example", "coordinator")
    return house.member("iris@ash.example")


def told(house, text=DAMP):
    reader = house.reader()
    tell(reader, text)
    return reader, re.search(r"[A-Z]{2}-[0-9A-Z]{7}", reader.text)[0]


def sort(reader):
    reader.send(
        "/desk/triage",
        kind="claim",
        topic="housing",
        priority="normal",
        reason="As usual",
    )


@pytest.fixture
def two(house, iris):
    """Two cases in the queue that are one matter."""
    refs = [told(house, text)[1] for text in (DAMP, SAME)]
    iris.open("/desk/triage")
    for _ in refs:
        sort(iris)
    return refs


def test_triage_shows_what_could_be_the_same_and_goes_on_without_a_word_about_it(
    house, iris
):
    _, first = told(house)
    iris.open("/desk/triage")
    sort(iris)
    told(house, SAME)

    iris.open("/desk/triage")

    assert "Could be the same matter" in iris.text
    assert f"{first} · " in iris.text
    assert "the same words" in iris.text
    sort(iris)
    assert "Nothing is waiting to be read." in iris.text


def test_one_press_at_triage_marks_two_as_the_same_matter(house, iris):
    _, first = told(house)
    iris.open("/desk/triage")
    sort(iris)
    _, second = told(house, SAME)
    iris.open("/desk/triage")

    iris.send("/desk/triage/bond")

    assert "marked as the same matter" in iris.text
    assert "Could be the same matter" not in iris.text
    iris.open(f"/desk/cases/{first}/together")
    assert f"{second} · " in iris.text


def test_a_duplicate_goes_along_with_the_other_and_back(iris, two):
    first, second = two
    page = f"/desk/cases/{second}/together"
    iris.open(page)
    assert f"{first} " in iris.text

    iris.send(f"{page}/bond", other=first, kind="merge", why="One kitchen.")

    assert "This case goes along with it." in iris.text
    assert "One kitchen." in iris.text
    bond = re.search(r'name="bond" value="([^"]+)"', iris.html)[1]
    iris.send(f"{page}/undo", bond=bond)
    assert "They hang together no more" in iris.text
    assert "With none that you may know of." in iris.text


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ({"other": "", "kind": "related"}, 422, "Name the other case"),
        ({"other": "AM-0000000", "kind": "related"}, 404, "There is no such case"),
        ({"other": "own", "kind": "related"}, 422, "A case is not another one"),
        ({"other": "AM-0000000"}, 422, "Choose how they hang together"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(iris, two, typed, status, said):
    page = f"/desk/cases/{two[0]}/together"
    iris.open(page)
    if typed["other"] == "own":
        typed = {**typed, "other": two[0]}

    iris.send(f"{page}/bond", status=status, why="Because.", **typed)

    assert said in iris.text
    assert 'value="Because."' in iris.html


def test_who_only_works_on_a_case_reads_the_links_and_makes_none(house, iris, two):
    page = f"/desk/cases/{two[1]}/together"
    iris.open(page)
    iris.send(f"{page}/bond", other=two[0], kind="merge")
    ben = house.member("ben@ash.example")
    ben.open("/desk")
    ben.send("/desk/take")

    ben.open(f"/desk/cases/{two[0]}/together")

    assert "It goes along with this case." in ben.text
    assert "Its member wrote last." in ben.text
    assert "Say how it hangs together" not in ben.text
    assert "Undo" not in ben.text
    ben.open(f"/desk/cases/{two[1]}")
    ben.send(f"/desk/cases/{two[1]}/reply", reply="Somebody comes on Monday.")
    assert "Somebody comes on Monday." in ben.text


def test_a_program_finds_links_merges_and_undoes(tmp_path):
    with moot_on("", tmp_path) as moot:
        refs = []
        for text in (DAMP, SAME):
            made = moot.tell(text=text, topic="housing")
            moot.bring(made, State.QUEUED)
            refs.append(made.reference)
        token = token_of(moot.node, moot.ids["iris"], role="coordinator")
        iris = Program(app_of(moot.node), moot.node, token)
        path = f"/api/v1/cases/{refs[1]}/bonds"
        (double,) = iris.ask("GET", path).json["doubles"]
        assert double["reasons"] == ["same_words"]

        made = iris.ask("POST", path, {"other": double["reference"], "merged": True})

        (line,) = made.json["items"]
        assert (made.status_code, line["merged"], line["first"]) == (201, True, True)
        again = iris.ask("POST", path, {"other": refs[0], "merged": True})
        assert (again.status_code, again.json["code"]) == (409, "case.conflict")
        gone = iris.ask("DELETE", f"{path}/{line['id']}")
        assert gone.status_code == 204
        assert iris.ask("GET", path).json["items"] == []
        related = {"other": refs[0], "kind": "part_of", "reason": "The kitchen."}
        (line,) = iris.ask("POST", path, related).json["items"]
        assert (line["kind"], line["reason"]) == ("part_of", "The kitchen.")
        absent = iris.ask("POST", path, {"other": "AM-0000000"})
        assert (absent.status_code, absent.json["code"]) == (404, "not-found")
