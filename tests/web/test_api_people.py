"""Who is whom, over the API: the same looks and decisions, and the same refusals."""

import pytest

from governance.cases import State
from tests.support.cast import moot_on
from tests.support.clients import Program, app_of, token_of

PATH = "/api/v1"
MAIL = "zoe@mailbox.example"


@pytest.fixture
def moot(tmp_path):
    with moot_on("", tmp_path) as moot:
        for name in ("Zoe Marsh", "Z. Marsh"):
            moot.bring(moot.tell(contact=MAIL, name=name), State.QUEUED)
        yield moot


def program(moot, name, role):
    authority = token_of(moot.node, moot.ids[name], role=role)
    return Program(app_of(moot.node), moot.node, authority)


@pytest.fixture
def iris(moot):
    return program(moot, "iris", "coordinator")


def test_a_program_decides_and_takes_it_back(iris):
    first, second = iris.ask("GET", f"{PATH}/unmatched").json["items"]
    (double,) = first["doubles"]
    assert first["identity"] == "matched"
    assert double["id"] == second["person_id"]
    assert "same_contact" in double["reasons"]

    path = f"{PATH}/people/{double['id']}"
    made = iris.ask("POST", f"{path}/merges", {"person_id": first["person_id"]})
    shown = iris.ask("GET", path).json

    assert made.status_code == 201
    references = {first["reference"], second["reference"]}
    assert set(shown["cases"]) == references
    assert [it["masked"] for it in shown["contacts"]] == ["z...e@m...e"] * 2
    assert [it["id"] for it in shown["merges"]] == [made.json["id"]]
    assert iris.ask("GET", f"{PATH}/unmatched").json == {"items": []}
    gone = iris.ask("DELETE", f"{path}/merges/{made.json['id']}")
    assert gone.status_code == 204
    assert len(iris.ask("GET", f"{PATH}/unmatched").json["items"]) == 2


def test_who_may_not_decide_is_told_so_and_learns_of_nobody(moot, iris):
    first, second = iris.ask("GET", f"{PATH}/unmatched").json["items"]
    cleo = program(moot, "cleo", "advocate")
    path = f"{PATH}/people/{first['person_id']}"

    assert cleo.ask("GET", f"{PATH}/unmatched").status_code == 403
    assert cleo.ask("GET", path).status_code == 404
    told = cleo.ask("POST", f"{path}/merges", {"person_id": second["person_id"]})

    assert (told.status_code, told.json["code"]) == (403, "rules.denied")


def test_what_cannot_be_one_is_refused_with_its_code(moot, iris):
    path = f"{PATH}/people/{moot.ids['ada']}/merges"

    told = iris.ask("POST", path, {"person_id": str(moot.ids["ben"])})

    assert (told.status_code, told.json["code"]) == (409, "people.not-one")


def test_a_program_asks_for_an_address_apart_and_that_is_a_read(moot, iris):
    first, _ = iris.ask("GET", f"{PATH}/unmatched").json["items"]
    path = f"{PATH}/people/{first['person_id']}"
    (line,) = iris.ask("GET", path).json["contacts"]
    assert MAIL not in str(line)

    shown = iris.ask("POST", f"{path}/contacts/{line['id']}/reveal")

    assert shown.json == {"kind": "email", "value": MAIL}
    sharing = f"{PATH}/cases/{first['reference']}/sharing"
    assert "contact" in {it["field"] for it in iris.ask("GET", sharing).json["reads"]}
    eve = program(moot, "eve", "advocate")
    assert eve.ask("POST", f"{path}/contacts/{line['id']}/reveal").status_code == 404
