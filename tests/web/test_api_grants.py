"""Roles over the API: the same lists, acts and refusals as on the page."""

import pytest

from tests.support.cast import moot_on
from tests.support.clients import Program, app_of, token_of

PATH = "/api/v1/grants"


@pytest.fixture
def moot(tmp_path):
    with moot_on("", tmp_path) as moot:
        yield moot


def program(moot, name, role):
    authority = token_of(moot.node, moot.ids[name], role=role)
    return Program(app_of(moot.node), moot.node, authority)


def new(moot, to="ben", **more):
    return {"person": str(moot.ids[to]), "role": "advocate", "days": 30, **more}


def test_a_program_of_a_steward_gives_a_role_and_ends_it(moot):
    dov = program(moot, "dov", "steward")

    made = dov.ask("POST", PATH, new(moot, topics=["debt"], clearance=["sensitive"]))
    shown = dov.ask("GET", PATH).json["held"]
    gone = dov.ask("DELETE", f"{PATH}/{made.json['id']}")

    assert (made.status_code, gone.status_code) == (201, 204)
    (line,) = [it for it in shown if it["id"] == made.json["id"]]
    assert (line["name"], line["topics"], line["areas"]) == ("Ben", ["debt"], [])
    assert (line["clearance"], line["giver"]) == (["sensitive"], "Dov")
    over = dov.ask("GET", PATH).json["over"]
    assert [it["id"] for it in over] == [made.json["id"]]


@pytest.mark.parametrize(
    ("wrong", "status", "code"),
    [
        ({"role": "king"}, 422, "invalid.choice"),
        ({"days": 731}, 422, "invalid"),
        ({"clearance": ["normal"]}, 422, "invalid.choice"),
        ({"person": "ben"}, 422, "invalid"),
    ],
)
def test_what_is_wrong_is_refused_with_its_code(moot, wrong, status, code):
    told = program(moot, "dov", "steward").ask("POST", PATH, {**new(moot), **wrong})

    assert (told.status_code, told.json["code"]) == (status, code)
    assert moot["ben"].grants == ()


def test_nobody_gives_a_role_to_themselves_or_by_another_role(moot):
    dov, iris = program(moot, "dov", "steward"), program(moot, "iris", "coordinator")

    own = dov.ask("POST", PATH, new(moot, "dov"))
    other = iris.ask("POST", PATH, new(moot))

    assert (own.status_code, own.json["code"]) == (403, "grant.own")
    assert other.status_code == 403
    assert iris.ask("GET", PATH).status_code == 200
    assert program(moot, "cleo", "advocate").ask("GET", PATH).status_code == 403


def test_a_role_that_is_not_ones_own_is_a_missing_one(moot):
    dov, cleo = program(moot, "dov", "steward"), program(moot, "cleo", "advocate")
    made = dov.ask("POST", PATH, new(moot)).json["id"]

    for id_ in (made, str(moot.ids["ben"])):
        assert cleo.ask("DELETE", f"{PATH}/{id_}").status_code == 404
    assert moot["ben"].roles == {"advocate"}
