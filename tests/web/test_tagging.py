"""Tags, put there on both pages of the desk, by a program and on the terminal."""

import pytest
import structlog

from governance.cases import State
from tests.support.cast import moot_on
from tests.support.clients import Program, app_of, token_of
from tests.support.commands import Terminal
from tests.web.conftest import TRIAGED


@pytest.fixture
def moot(tmp_path):
    with moot_on("", tmp_path) as moot:
        yield moot


@pytest.fixture
def here(moot):
    yield Terminal(moot)
    structlog.reset_defaults()


@pytest.fixture
def made(moot):
    made = moot.tell(by=moot["ada"])
    moot.bring(made, State.WORKING)
    return made


def program(moot, name, role="member"):
    authority = token_of(moot.node, moot.ids[name], role=role)
    return Program(app_of(moot.node), moot.node, authority)


def test_they_are_changed_on_the_page_of_the_case_and_its_member_reads_them(house):
    guest, cleo, reference = house.taken()
    path = f"/desk/cases/{reference}"
    cleo.open(path)
    assert "Tags" not in cleo.text.replace("Change the tags Tags", "")

    cleo.send(f"{path}/tags", tags="boiler, Elm Street, BOILER")

    assert "Search finds the case by them." in cleo.text
    form = next(one for one in cleo.forms if one.action == f"{path}/tags")
    assert form.values["tags"] == "boiler, Elm Street"
    guest.open(f"/cases/{reference}")
    assert "Tags boiler, Elm Street" in guest.text
    assert "Change the tags" not in guest.text


def test_a_tag_that_is_none_is_refused_and_stays_typed(house):
    _, cleo, reference = house.taken()
    path = f"/desk/cases/{reference}"
    cleo.open(path)

    cleo.send(f"{path}/tags", 422, tags="x" * 41)

    assert "A tag is a word or a few" in cleo.text
    form = next(one for one in cleo.forms if one.action == f"{path}/tags")
    assert form.values["tags"] == "x" * 41


def test_triage_takes_them_and_keeps_what_was_typed_wrongly(house):
    guest, reference = house.told()
    cleo = house.member("cleo@ash.example")
    cleo.open("/desk/triage")
    cleo.send("/desk/triage", 422, **{**TRIAGED, "tags": "x" * 41})
    assert "A tag is a word or a few" in cleo.text
    assert "x" * 41 in cleo.html

    cleo.send("/desk/triage", **{**TRIAGED, "tags": "boiler"})

    assert "The case is in the queue." in cleo.text
    guest.open(f"/cases/{reference}")
    assert "Tags boiler" in guest.text


def test_a_program_puts_them_there_and_reads_them(moot, made):
    path = f"/api/v1/cases/{made.reference}"
    cleo, ada = program(moot, "cleo", "advocate"), program(moot, "ada")

    given = {"tags": ["boiler", "Elm Street"]}
    assert cleo.ask("POST", f"{path}/tags", given).status_code == 204

    assert ada.ask("GET", path).json["tags"] == given["tags"]
    assert cleo.ask("POST", f"{path}/tags", {"tags": ["a,b"]}).status_code == 422
    assert cleo.ask("POST", f"{path}/tags", {"tags": [""]}).status_code == 422
    assert ada.ask("POST", f"{path}/tags", given).status_code == 403
    eve = program(moot, "eve", "advocate")
    assert eve.ask("POST", f"{path}/tags", given).status_code == 404
    assert ada.ask("GET", path).json["tags"] == given["tags"]


def test_the_terminal_puts_them_there(made, here):
    here.good("cases tags", made.reference, by="cleo", stdin="boiler, lift\n")

    assert "boiler, lift" in here.good("cases show", made.reference, by="ada")
    refused = here.no("cases tags", made.reference, by="ada", stdin="x")
    assert refused == "case.not-yours"
