"""The desk, for programs: the same looks and decisions as its pages."""

from uuid import uuid4

import pytest

from governance.cases import Act, Kind, Priority, State
from node import cases
from node.cases import TriageChoice
from node.intake import Audience
from tests.support.cast import moot_on
from tests.support.clients import Program, app_of, token_of


@pytest.fixture(scope="module")
def moot(tmp_path_factory):
    with moot_on("", tmp_path_factory.mktemp("moot")) as moot:
        yield moot


@pytest.fixture(scope="module")
def app(moot):
    return app_of(moot.node)


@pytest.fixture
def program(moot, app):
    moot.village.pass_time(seconds=30)

    def program(name, role):
        token = token_of(moot.node, moot.ids[name], role=role)
        return Program(app, moot.node, token)

    return program


def post(program, path, body=None):
    key = {"Idempotency_Key": str(uuid4())}
    return program.ask("POST", f"/api/v1{path}", body or {}, **key)


def get(program, path):
    return program.ask("GET", f"/api/v1{path}")


def test_a_program_takes_what_is_next_and_twice_with_one_key_is_once(moot, program):
    made = [moot.tell() for _ in range(2)]
    for one in made:
        moot.bring(one, State.QUEUED)
    cleo = program("cleo", "advocate")
    key = {"Idempotency_Key": str(uuid4())}

    first = cleo.ask("POST", "/api/v1/desk/next", {}, **key)
    again = cleo.ask("POST", "/api/v1/desk/next", {}, **key)
    other = post(cleo, "/desk/next")
    none = post(cleo, "/desk/next")

    assert first.json == again.json == {"case_ref": made[0].reference}
    assert other.json == {"case_ref": made[1].reference}
    assert none.json == {"case_ref": None}
    lines = get(cleo, "/desk").json["items"]
    mine = {line["case_ref"]: line["responsible"] for line in lines}
    assert mine == dict.fromkeys(mine, "Cleo")
    assert {one.reference for one in made} <= set(mine)


def test_triage_sees_the_matter_and_not_who_it_is(moot, program):
    moot.tell(by=moot["ada"], name="Ada", place="12 Elm Street")

    answer = get(program("iris", "coordinator"), "/triage")

    item = answer.json["item"]
    assert item["text"].startswith("The heating")
    assert (item["placed"], item["known"]) == (True, None)
    assert "Ada" not in answer.text
    assert "Elm Street" not in answer.text


def test_a_question_is_answered_at_once(moot, program):
    made = moot.tell(by=moot["ada"], audience=Audience.ADVOCATES)
    choice = TriageChoice(
        kind=Kind.QUESTION, topic="housing", priority=Priority.NORMAL, area=None
    )
    cases.triage(moot.node, made.reference, choice, by=moot["iris"])

    cleo = program("cleo", "advocate")
    path = f"/cases/{made.reference}/answer"
    answer = post(cleo, path, {"text": "On Monday."})

    assert answer.status_code == 201
    assert answer.json["receipt_url"].endswith(f"/receipts/{answer.json['seq']}")
    assert moot.state(made) is State.RESOLVED
    assert post(cleo, path, {"text": "Again."}).status_code == 409


def test_a_second_person_reads_what_was_proposed_and_says_no(moot, program):
    made = moot.tell()
    moot.bring(made, State.QUEUED)
    moot.act(made, Act.REFUSE, moot["iris"], text="Ask them.", outcome="not_ours")
    olga, iris = program("olga", "coordinator"), program("iris", "coordinator")

    path = f"/cases/{made.reference}"
    (proposal,) = get(olga, f"{path}/behind").json["proposals"]
    (own,) = get(iris, f"{path}/behind").json["proposals"]
    said = post(olga, f"{path}/disagreements", {"proposal": proposal["id"]})

    assert (proposal["yours"], own["yours"]) == (True, False)
    assert (proposal["words"], proposal["outcome"]) == ("Ask them.", "not_ours")
    assert said.status_code == 204
    assert get(olga, f"{path}/behind").json["proposals"] == []
    assert moot.state(made) is State.QUEUED


def test_what_was_set_aside_is_seen_by_somebody_else(moot, program):
    made = moot.tell()
    moot.bring(made, State.DISCARDED)
    olga, iris = program("olga", "coordinator"), program("iris", "coordinator")

    lines = {one["case_ref"]: one for one in get(olga, "/aside").json["items"]}
    line = lines[made.reference]
    own = post(iris, f"/cases/{made.reference}/seen", {"proposal": line["proposal"]})
    seen = post(olga, f"/cases/{made.reference}/seen", {"proposal": line["proposal"]})

    assert line["reason"] == "An advertisement."
    assert (own.status_code, own.json["code"]) == (409, "case.second-person")
    assert seen.status_code == 204
    left = [one["case_ref"] for one in get(olga, "/aside").json["items"]]
    assert made.reference not in left


@pytest.mark.parametrize("path", ["/desk", "/triage", "/aside"])
def test_who_has_no_part_in_the_work_sees_nothing_of_it(program, path):
    answer = get(program("ben", ""), path)

    assert (answer.status_code, answer.json["code"]) == (403, "rules.denied")


def test_a_note_is_for_the_desk_and_a_sealed_one_for_its_author(moot, program):
    made = moot.tell(by=moot["ada"])
    moot.bring(made, State.WORKING)
    cleo, iris = program("cleo", "advocate"), program("iris", "coordinator")
    path = f"/cases/{made.reference}/notes"

    kept = post(cleo, path, {"text": "She sounded afraid."})
    sealed = {"text": "Ask her alone.", "kind": "sealed", "reason": "Her neighbour."}
    assert (kept.status_code, post(cleo, path, sealed).status_code) == (201, 201)
    without = post(cleo, path, {**sealed, "reason": ""})

    read = {one["text"]: one["reason"] for one in get(iris, path).json["items"]}
    assert read == {"She sounded afraid.": "", None: "Her neighbour."}
    own = [one["text"] for one in get(cleo, path).json["items"]]
    assert own == ["She sounded afraid.", "Ask her alone."]
    assert (without.status_code, without.json["code"]) == (409, "case.reason-missing")
    ada = program("ada", "")
    assert get(ada, path).json == {"items": None}
    assert post(ada, path, {"text": "Mine."}).status_code == 403
