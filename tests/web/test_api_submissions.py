from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from node.models.cases import Case
from tests.support import members
from tests.support.clients import Program, app_of, token_of
from tests.support.village import Village

PATH = "/api/v1/submissions"
KEY = "a-key-of-a-program"
TOLD = {
    "text": "No heating since Monday",
    "wanted_outcome": "Heat, and the rent back",
    "language": "en",
    "value": {"amount": "120.50", "currency": "EUR"},
    "contact": {"email": "ada@ash.example"},
}


@pytest.fixture
def village(tmp_path):
    village = Village(tmp_path)
    yield village
    village.close()


@pytest.fixture
def ash(village):
    return village.found("https://ash.example")


@pytest.fixture
def guest(ash):
    return Program(app_of(ash), ash)


@pytest.fixture(scope="module")
def quiet(tmp_path_factory):
    """A program that asks a node where nobody has told anything."""
    village = Village(tmp_path_factory.mktemp("quiet"))
    node = village.found("https://ash.example")
    yield Program(app_of(node), node)
    assert cases(node) == 0
    village.close()


def cases(node):
    with node.read() as tx:
        return tx.scalar(select(func.count()).select_from(Case))


def test_somebody_nobody_knows_tells_what_happened(ash, guest):
    answer = guest.ask("POST", PATH, TOLD, Idempotency_Key=KEY)

    told = answer.json
    assert answer.status_code == 201
    assert told["receipt_url"] == f"/api/v1/cases/{told['case_ref']}/receipts/0"
    assert told["track_url"] == f"https://ash.example/c/{told['token']}"
    assert len(told["words"]) == 4
    assert {it["kind"] for it in told["pledges"]} >= {"acknowledge", "first_response"}
    assert all(it["due_at"].endswith("Z") for it in told["pledges"])
    assert cases(ash) == 1


def test_the_least_that_can_be_told_are_words(guest):
    answer = guest.ask("POST", PATH, {"text": "Help"}, Idempotency_Key=KEY)

    assert answer.status_code == 201


def test_a_member_tells_in_their_own_name(ash):
    ada = members.join(ash)
    program = Program(app_of(ash), ash, token_of(ash, ada))

    told = program.ask("POST", PATH, {"text": "Help"}, Idempotency_Key=KEY).json

    mine = program.ask("GET", "/api/v1/cases").json["items"]
    assert [it["case_ref"] for it in mine] == [told["case_ref"]]


def test_twice_is_once_and_says_so(ash, guest):
    first = guest.ask("POST", PATH, TOLD, Idempotency_Key=KEY)
    again = guest.ask("POST", PATH, TOLD, Idempotency_Key=KEY)

    assert first.json == again.json
    assert (first.status_code, again.status_code) == (201, 201)
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert cases(ash) == 1


def test_ten_times_at_once_is_once(ash):
    app = app_of(ash)

    def tell(_):
        answer = Program(app, ash).ask("POST", PATH, TOLD, Idempotency_Key=KEY)
        return answer.status_code, answer.json.get("case_ref")

    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(tell, range(10)))
    said = Program(app, ash).ask("POST", PATH, TOLD, Idempotency_Key=KEY).json

    assert cases(ash) == 1
    assert answers <= {(201, said["case_ref"]), (409, None)}


def test_the_same_key_with_other_words_is_refused(ash, guest):
    guest.ask("POST", PATH, TOLD, Idempotency_Key=KEY)

    answer = guest.ask("POST", PATH, {"text": "Other"}, Idempotency_Key=KEY)

    assert (answer.status_code, answer.json["code"]) == (422, "idempotency.mismatch")
    assert cases(ash) == 1


def test_one_member_does_not_get_the_answer_of_another(ash):
    app = app_of(ash)
    people = [members.join(ash, f"{name}@ash.example") for name in ("ada", "ben")]

    told = [
        Program(app, ash, token_of(ash, who)).ask(
            "POST", PATH, {"text": "Help"}, Idempotency_Key=KEY
        )
        for who in people
    ]

    assert told[0].json["case_ref"] != told[1].json["case_ref"]


@pytest.mark.parametrize("key", ["", "ä", "a b", "a" * 256, "\x7f"])
def test_a_key_is_visible_characters(quiet, key):
    answer = quiet.ask(
        "POST", PATH, TOLD, Idempotency_Key=key.encode().decode("latin-1")
    )

    assert answer.json["code"] == "idempotency.invalid"
    assert answer.status_code == 400


@pytest.mark.parametrize("key", ["1", "a" * 15])
def test_a_key_of_somebody_nobody_knows_is_not_guessed(quiet, key):
    answer = quiet.ask("POST", PATH, TOLD, Idempotency_Key=key)

    assert (answer.status_code, answer.json["code"]) == (400, "idempotency.invalid")
    assert "16 characters" in answer.json["detail"]
    assert cases(quiet.node) == 0


def test_a_key_of_a_member_may_be_short(ash):
    program = Program(app_of(ash), ash, token_of(ash, members.join(ash)))

    answer = program.ask("POST", PATH, {"text": "Help"}, Idempotency_Key="1")

    assert answer.status_code == 201


def test_telling_needs_a_key(quiet):
    answer = quiet.ask("POST", PATH, TOLD)

    assert (answer.status_code, answer.json["code"]) == (400, "idempotency.missing")
    assert cases(quiet.node) == 0


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"text": ""}, "/text"),
        ({"text": None}, "/text"),
        ({"text": 5}, "/text"),
        ({"text": ["a"]}, "/text"),
        ({"role": "steward"}, "/role"),
        ({"id": "00000000-0000-0000-0000-000000000000"}, "/id"),
        ({"created_at": "2001-01-01T00:00:00Z"}, "/created_at"),
        ({"contact": {"email": "ada@ash.example", "x": 1}}, "/contact/x"),
        ({"contact": "ada@ash.example"}, "/contact"),
        ({"value": {"amount": "1"}}, "/value/currency"),
        ({"value": {"amount": "1", "currency": "euro"}}, "/value/currency"),
        ({"value.amount": "5"}, "/value.amount"),
    ],
    ids=str,
)
def test_what_cannot_be_read_is_pointed_at(quiet, change, pointer):
    answer = quiet.ask("POST", PATH, {**TOLD, **change}, Idempotency_Key=KEY)

    assert answer.status_code == 422
    assert pointer in {it["pointer"] for it in answer.json["errors"]}
    assert cases(quiet.node) == 0


@pytest.mark.parametrize(
    "change",
    [
        {"text": "a\u0000b"},
        {"text": "x" * 60_000},
        {"area": "nowhere"},
        {"area": "a\u0000b"},
        {"topic": "nothing"},
        {"language": "tlh-x-!"},
        {"contact": {"email": "ada"}},
        {"value": {"amount": "-1", "currency": "EUR"}},
        {"value": {"amount": "1e9", "currency": "EUR"}},
    ],
    ids=lambda change: str(change)[:40],
)
def test_what_the_rules_do_not_take_is_refused(quiet, change):
    answer = quiet.ask("POST", PATH, {**TOLD, **change}, Idempotency_Key=KEY)

    assert answer.status_code in {400, 422}
    assert cases(quiet.node) == 0


@pytest.mark.parametrize(
    "sent",
    [
        (b'{"text":"a","text":"b"}', "application/json", 400, "json.duplicate"),
        (b'{"text":NaN}', "application/json", 400, "json.malformed"),
        (b'{"text":"\\ud800"}', "application/json", 400, "json.malformed"),
        (b'\xef\xbb\xbf{"text":"a"}', "application/json", 400, "json.malformed"),
        (b"[" * 40 + b"]" * 40, "application/json", 400, "json.malformed"),
        (b"text=a", "application/x-www-form-urlencoded", 415, "media"),
        (b'{"text":"a"}', "text/plain", 415, "media"),
        (b"[]", "application/json", 422, "invalid"),
        (b'"text"', "application/json", 422, "invalid"),
        (b"", "application/json", 422, "invalid"),
        (b" " * 300_000, "application/json", 413, "too-large"),
    ],
    ids=lambda sent: str(sent)[:40],
)  # fmt: skip
def test_a_body_that_is_not_plain_json_is_refused(quiet, sent):
    body, kind, status, code = sent

    answer = quiet.http.post(
        PATH,
        data=body,
        content_type=kind,
        base_url="https://ash.example",
        headers={"Idempotency-Key": KEY},
    )

    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert cases(quiet.node) == 0
