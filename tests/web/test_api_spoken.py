"""Calls, letters and talks over the API: written down, denied, and refused alike."""

from uuid import uuid4

import pytest

from governance.cases import State
from tests.support.cast import moot_on
from tests.support.clients import Program, app_of, token_of

PATH = "/api/v1/cases"


@pytest.fixture
def moot(tmp_path):
    with moot_on("", tmp_path) as moot:
        yield moot


@pytest.fixture
def made(moot):
    made = moot.tell(by=moot["ada"])
    moot.bring(made, State.WORKING)
    return made


def program(moot, name, role="member"):
    authority = token_of(moot.node, moot.ids[name], role=role)
    return Program(app_of(moot.node), moot.node, authority)


def call(moot, **given):
    at = moot.node.now().isoformat()
    usual = {"direction": "out", "channel": "phone", "at": at, "text": "We spoke."}
    return {**usual, **given}


def key():
    return str(uuid4())


def test_a_program_writes_a_call_down_and_its_member_denies_it(moot, made):
    cleo, ada = program(moot, "cleo", "advocate"), program(moot, "ada")
    path = f"{PATH}/{made.reference}"

    told = cleo.ask(
        "POST", f"{path}/spoken", call(moot, whole=True), Idempotency_Key=key()
    )

    assert told.status_code in {201, 202}
    (line,) = [it for it in ada.ask("GET", path).json["timeline"] if it["spoken"]]
    assert (line["channel"], line["text"]) == ("phone", "We spoke.")
    assert line["spoken"]["whole"]
    assert line["spoken"]["denied_at"] is None
    denial = f"{path}/spoken/{line['spoken']['id']}/denial"
    assert cleo.ask("POST", denial).status_code == 403
    assert ada.ask("POST", denial).status_code == 204
    assert ada.ask("POST", denial).status_code == 204
    (line,) = [it for it in ada.ask("GET", path).json["timeline"] if it["spoken"]]
    assert line["spoken"]["denied_at"]


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"channel": "email"}, 422),
        ({"direction": "sideways"}, 422),
        ({"text": ""}, 422),
        ({"at": "2020-01-01T09:00:00+00:00"}, 422),
        ({"at": "2020-01-01T09:00:00"}, 422),
    ],
)
def test_what_cannot_have_been_is_refused(moot, made, given, status):
    cleo = program(moot, "cleo", "advocate")
    path = f"{PATH}/{made.reference}/spoken"

    told = cleo.ask("POST", path, call(moot, **given), Idempotency_Key=key())

    assert told.status_code == status


def test_who_has_no_part_in_it_finds_no_case(moot, made):
    path = f"{PATH}/{made.reference}/spoken"
    eve = program(moot, "eve", "advocate")

    assert eve.ask("POST", path, call(moot), Idempotency_Key=key()).status_code == 404
    assert eve.ask("POST", f"{path}/{uuid4()}/denial").status_code == 404


def test_a_program_writes_down_that_nobody_answered(moot):
    made = moot.tell(by=moot["ada"])
    moot.bring(made, State.WAITING_MEMBER)
    cleo, ada = program(moot, "cleo", "advocate"), program(moot, "ada")
    path = f"{PATH}/{made.reference}"

    assert cleo.ask("POST", f"{path}/tries", {"channel": "phone"}).status_code == 204

    again = cleo.ask("POST", f"{path}/tries", {"channel": "phone"})
    assert (again.status_code, again.json["code"]) == (409, "case.wrong-state")
    assert cleo.ask("POST", f"{path}/tries", {"channel": "web"}).status_code == 422
    assert ada.ask("POST", f"{path}/tries", {"channel": "phone"}).status_code == 403
    lines = ada.ask("GET", path).json["timeline"]
    assert [it["channel"] for it in lines if it["kind"] == "tried"] == ["phone"]
