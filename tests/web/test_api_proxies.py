"""Acting for somebody over the API: what opens the case is for its member alone."""

from uuid import uuid4

import pytest

from tests.support.cast import moot_on
from tests.support.clients import Program, app_of, token_of

PATH = "/api/v1"
MAIL = "maria@mailbox.example"


@pytest.fixture
def moot(tmp_path):
    with moot_on("", tmp_path) as moot:
        yield moot


@pytest.fixture
def ben(moot):
    return Program(app_of(moot.node), moot.node, token_of(moot.node, moot.ids["ben"]))


def tell(program, **given):
    sent = {"text": "The stairs are dark.", **given}
    key = str(uuid4())
    return program.ask("POST", f"{PATH}/submissions/for", sent, Idempotency_Key=key)


def test_beside_somebody_the_device_shows_them_their_words(ben):
    begun = ben.ask("POST", f"{PATH}/beside", {"agreed": True})
    assert begun.status_code == 201

    made = tell(ben, beside=begun.json["id"])

    assert made.status_code == 201
    assert len(made.json["words"]) == 4
    assert "/c/" in made.json["track_url"]
    gone = ben.ask("DELETE", f"{PATH}/beside/{begun.json['id']}")
    assert gone.status_code == 204
    late = tell(ben, beside=begun.json["id"])
    assert (late.status_code, late.json["code"]) == (409, "proxy.over")


def test_for_who_is_not_there_nothing_opens_the_case(ben):
    made = tell(ben, contact={"email": MAIL})

    assert made.status_code == 201
    assert (made.json["words"], made.json["track_url"]) == ([], "")
    shown = ben.ask("GET", f"{PATH}/cases/{made.json['reference']}")
    assert shown.status_code == 404


def test_without_their_word_nothing_begins(ben):
    told = ben.ask("POST", f"{PATH}/beside", {"agreed": False})

    assert (told.status_code, told.json["code"]) == (422, "invalid.choice")


@pytest.mark.parametrize("answer", ["confirm", "object"])
def test_nobody_else_answers_for_them(ben, answer):
    made = tell(ben, contact={"email": MAIL})
    path = f"{PATH}/cases/{made.json['reference']}/proxy"

    assert ben.ask("POST", path, {"answer": answer}).status_code == 404
    assert ben.ask("POST", path, {"answer": "perhaps"}).status_code == 422
