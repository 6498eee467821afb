"""Erasing over the API: with the right of a token, or with a link and its words."""

import pytest

from node import cases, erasing
from node.cases import links
from tests.support import members
from tests.support.clients import Program, app_of, token_of
from tests.support.village import Village

TELL = "/api/v1/submissions"


@pytest.fixture(scope="module")
def village(tmp_path_factory):
    village = Village(tmp_path_factory.mktemp("village"))
    yield village
    village.close()


@pytest.fixture(scope="module")
def ash(village):
    return village.found("https://ash.example")


@pytest.fixture(scope="module")
def app(ash):
    return app_of(ash)


@pytest.fixture(scope="module")
def ben(ash):
    return members.join(ash, "ben@ash.example")


@pytest.fixture
def told(village, ash, app):
    village.pass_time(minutes=10)
    key = ash.now().isoformat()
    made = Program(app, ash).ask("POST", TELL, SAID, Idempotency_Key=key).json
    return made | {"path": f"/api/v1/cases/{made['case_ref']}/erasures"}


SAID = {"text": "No heat", "wanted_outcome": "Heat"}


@pytest.fixture
def ada(ash, app, told):
    return Program(app, ash, f"Link {told['token']}")


def words_of(ash, told):
    found = cases.link_visitor(ash, told["token"])
    return " ".join(links.words(ash, found.case_id))


def test_a_program_sees_what_there_is_to_erase(told, ada):
    items = ada.ask("GET", told["path"]).json["items"]

    assert items[0] == {
        "seq": 0, "kind": "submission", "role": "guest",
        "fields": ["text", "channel"], "erased": "",
    }  # fmt: skip
    assert items[1]["fields"] == ["problem", "wanted"]


@pytest.mark.parametrize(
    ("asked", "items"),
    [
        ({"level": "redact", "seq": 1, "field": "wanted"}, {1: ["problem"]}),
        ({"level": "content", "seq": 1}, {0: ["channel"], 1: []}),
        ({"level": "entry", "seq": 0}, {0: [], 1: ["wanted"]}),
    ],
)
def test_a_link_and_the_four_words_erase_a_part(ash, told, ada, asked, items):
    done = ada.ask("POST", told["path"], asked | {"words": words_of(ash, told)})

    assert (done.status_code, done.json["level"]) == (200, asked["level"])
    assert done.json["index"] is not None
    found = ada.ask("GET", told["path"]).json["items"]
    assert {seq: found[seq]["fields"] for seq in items} == items
    assert found[asked["seq"]]["erased"] == asked["level"]


def test_a_whole_case_goes_once(ash, told, ada):
    asked = {"level": "chain", "words": words_of(ash, told)}

    done = ada.ask("POST", told["path"], asked, Idempotency_Key="erase" * 4)

    assert done.status_code == 200
    assert ada.ask("GET", told["path"]).status_code == 401


def test_a_token_needs_the_scope_and_no_words(ash, app, ben, village):
    village.pass_time(minutes=10)
    scopes = ["cases:read", "cases:write"]
    plain = Program(app, ash, token_of(ash, ben, *scopes))
    may = Program(app, ash, token_of(ash, ben, *scopes, erasing.SCOPE))
    made = plain.ask("POST", TELL, SAID, Idempotency_Key="one").json
    path = f"/api/v1/cases/{made['case_ref']}/erasures"

    refused = plain.ask("POST", path, {"level": "chain"})
    done = may.ask("POST", path, {"level": "chain"})

    assert (refused.status_code, refused.json["code"]) == (403, "auth.scope")
    assert done.status_code == 200
    gone = may.ask("GET", path)
    assert (gone.status_code, gone.json["code"]) == (410, "chain-erased")
    write = f"/api/v1/cases/{made['case_ref']}/messages"
    said = may.ask("POST", write, {"text": "More"}, Idempotency_Key="two")
    assert (said.status_code, said.json["code"]) == (410, "chain-erased")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"level": "entry", "seq": 0}, (401, "auth.required")),
        ({"level": "entry", "seq": 99, "words": ...}, (404, "not-found")),
        ({"level": "entry", "words": ...}, (422, "invalid.choice")),
        ({"level": "chain", "seq": 0, "words": ...}, (422, "invalid.choice")),
        ({"level": "redact", "seq": 0, "words": ...}, (422, "invalid.choice")),
        ({"level": "all", "words": ...}, (422, "invalid")),
        ({"level": "entry", "seq": "0", "words": ...}, (422, "invalid")),
        ({"level": "entry", "seq": 0, "other": 1}, (422, "invalid")),
        ({"words": ...}, (422, "invalid")),
    ],
)
def test_what_cannot_be_erased_is_refused_with_a_code(ash, told, ada, asked, said):
    words = words_of(ash, told)
    given = {name: words if it is ... else it for name, it in asked.items()}

    refused = ada.ask("POST", told["path"], given)

    assert (refused.status_code, refused.json["code"]) == said


def test_a_receipt_of_an_erased_entry_is_gone(ash, told, ada):
    asked = {"level": "entry", "seq": 1, "words": words_of(ash, told)}
    ada.ask("POST", told["path"], asked)

    gone = ada.ask("GET", told["path"].replace("erasures", "receipts/1"))

    assert (gone.status_code, gone.json["code"]) == (410, "entry-erased")
    again = ada.ask("POST", told["path"], asked)
    assert (again.status_code, again.json["code"]) == (410, "entry-erased")
