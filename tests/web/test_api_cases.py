import shlex
import shutil
import subprocess
import sys
from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from governance.cases import reference
from ledger import archive
from ledger.entry import Role
from node import accounts, cases, log
from node.log import Saying, check
from node.models.cases import Case
from tests.support import members
from tests.support.clients import Program, app_of, token_of
from tests.support.installed import ROOT
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


@pytest.fixture
def told(village, ash, app):
    """A case of its own for each test. Time goes by, so that nothing is too often."""
    village.pass_time(minutes=10)
    key = ash.now().isoformat()
    program = Program(app, ash)
    told = program.ask("POST", TELL, {"text": "No heat"}, Idempotency_Key=key).json
    return told | {"path": f"/api/v1/cases/{told['case_ref']}"}


@pytest.fixture(scope="module")
def people(ash):
    roles = {"ben": [], "cleo": ["advocate", "coordinator"], "cora": ["coordinator"]}
    return {
        name: members.join(ash, f"{name}@ash.example", *held)
        for name, held in roles.items()
    }


@pytest.fixture
def ada(ash, app, told):
    return Program(app, ash, f"Link {told['token']}")


@pytest.fixture
def cleo(ash, app, people):
    return Program(app, ash, token_of(ash, people["cleo"], role="advocate"))


@pytest.fixture
def cora(ash, app, people):
    return Program(app, ash, token_of(ash, people["cora"], role="coordinator"))


@pytest.fixture
def ben(ash, app, people):
    return Program(app, ash, token_of(ash, people["ben"]))


#: Well formed, and given to nobody.
ABSENT = reference("AM", bytes(8))
TRIAGED = {"kind": "claim", "topic": "housing", "priority": "normal"}


def test_whoever_holds_the_link_sees_the_case(told, ada):
    answer = ada.ask("GET", told["path"])

    case = answer.json
    assert answer.status_code == 200
    assert (case["case_ref"], case["state"]) == (told["case_ref"], "received")
    assert case["text"] == "No heat"
    assert case["part"] == "member"
    assert case["timeline"][0]["receipt_url"] == told["receipt_url"]
    assert "withdraw" in case["acts"]


def test_a_case_is_not_sent_again_while_it_is_the_same(told, ada):
    tag = ada.ask("GET", told["path"]).headers["ETag"]

    same = ada.ask("GET", told["path"], If_None_Match=tag)
    ada.ask(
        "POST", f"{told['path']}/messages", {"text": "Still cold"}, Idempotency_Key="m"
    )
    other = ada.ask("GET", told["path"], If_None_Match=tag)

    assert (same.status_code, same.data) == (304, b"")
    assert other.status_code == 200
    assert other.headers["Cache-Control"] == "private, no-cache"


def test_from_telling_to_solved(told, ada, cleo, cora):
    path = told["path"]

    triaged = cora.ask("POST", f"{path}/moves/triage", TRIAGED)
    taken = cleo.ask("POST", f"{path}/moves/assign", {})
    asked = cleo.ask("POST", f"{path}/moves/ask_member", {"text": "Since when?"})
    said = ada.ask("POST", f"{path}/messages", {"text": "Monday"}, Idempotency_Key="m")
    called = {"text": "We called the landlord."}
    reply = cleo.ask("POST", f"{path}/messages", called, Idempotency_Key="m")
    solved = cleo.ask("POST", f"{path}/moves/resolve", {"text": "It is warm."})
    closed = ada.ask("POST", f"{path}/moves/confirm", {})

    assert [it.status_code for it in (triaged, taken, asked)] == [200] * 3
    assert [it.status_code for it in (said, reply)] == [201] * 2
    assert [it.json["state"] for it in (triaged, taken, asked, solved, closed)] == [
        "queued", "working", "waiting_member", "resolved", "closed"
    ]  # fmt: skip
    assert closed.json["outcome"] == "resolved_confirmed"
    texts = [it["text"] for it in closed.json["timeline"]]
    assert {"No heat", "Since when?", "Monday", "We called the landlord."} <= {*texts}


def test_a_message_sent_twice_stands_there_once(told, ada):
    sent = {"text": "Still cold"}

    first = ada.ask("POST", f"{told['path']}/messages", sent, Idempotency_Key="m")
    again = ada.ask("POST", f"{told['path']}/messages", sent, Idempotency_Key="m")

    assert first.json == again.json
    assert again.headers["Idempotent-Replayed"] == "true"
    texts = [it["text"] for it in ada.ask("GET", told["path"]).json["timeline"]]
    assert texts.count("Still cold") == 1


def test_a_message_needs_a_key_so_that_twice_is_once(told, ada):
    answer = ada.ask("POST", f"{told['path']}/messages", {"text": "Still cold"})

    assert (answer.status_code, answer.json["code"]) == (400, "idempotency.missing")


@pytest.mark.parametrize("seq", [2**31, 2**63, 10**30, 10**300])
def test_a_receipt_of_no_number_is_not_there(told, ada, seq):
    answer = ada.ask("GET", f"{told['path']}/receipts/{seq}")

    assert (answer.status_code, answer.json["code"]) == (404, "not-found")


def test_a_receipt_is_a_file_that_verifies(ash, told, ada):
    answer = ada.ask("GET", told["receipt_url"])

    name = f"{told['case_ref']}-0.tlog-proof"
    assert answer.status_code == 200
    assert answer.content_type == "text/plain; charset=utf-8"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert check(ash, answer.data)


def named(word, files):
    """Return the files a word of a command line stands for."""
    return files if word == "*.tlog-proof" else [word]


def test_a_bundle_checks_every_entry_with_nothing_but_the_verifier(told, ada, tmp_path):
    sent = {"text": "Still cold"}
    ada.ask("POST", f"{told['path']}/messages", sent, Idempotency_Key="b")

    answer = ada.ask("GET", f"{told['path']}/bundle")

    assert answer.content_type == "application/zip"
    assert archive.HEAD in archive.read(answer.data)
    with ZipFile(BytesIO(answer.data)) as held:
        held.extractall(tmp_path)
    skip = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "ledger", tmp_path / "ledger", ignore=skip)
    line = (tmp_path / "README.txt").read_text().split("    python ")[1].splitlines()[0]
    files = [path.name for path in tmp_path.glob("*.tlog-proof")]
    words = [one for word in shlex.split(line) for one in named(word, files)]
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, *words], cwd=tmp_path, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    timeline = ada.ask("GET", told["path"]).json["timeline"]
    last = max(it["seq"] for it in timeline)
    assert done.returncode == 0, done.stdout
    assert len(files) > last
    assert b"<script" in (tmp_path / "verify.html").read_bytes()
    assert '"Still cold"' in done.stdout


def test_a_bundle_waits_until_every_entry_is_sealed(ash, told, ada):
    with ash.begin(sealed=True) as tx:
        case = tx.scalars(select(Case).where(Case.reference == told["case_ref"])).one()
        chain = log.chain(ash, tx, case.id)
        chain.say(Saying(kind="ack", role=Role.NODE))
        chain.write()

    answer = ada.ask("GET", f"{told['path']}/bundle")

    assert (answer.status_code, answer.headers["Retry-After"]) == (202, "1")


def test_the_length_of_a_case_is_a_signed_note(told, ada):
    answer = ada.ask("GET", f"{told['path']}/head")

    assert answer.data.startswith(b"folkmoot.case-head/1\n")


def test_a_receipt_that_is_being_sealed_is_promised(monkeypatch, told, ada):

    monkeypatch.setattr(cases, "receipt", lambda *_, **__: None)

    answer = ada.ask("GET", told["receipt_url"])

    assert (answer.status_code, answer.headers["Retry-After"]) == (202, "1")


def test_an_answer_that_is_not_sealed_in_time_is_accepted_only(monkeypatch, ash, app):
    monkeypatch.setattr(log, "wait", lambda *_, **__: None)

    answer = Program(app, ash).ask(
        "POST", TELL, {"text": "x"}, Idempotency_Key="2" * 16
    )

    assert (answer.status_code, answer.headers["Retry-After"]) == (202, "1")


def test_whatever_is_not_sealed_in_time_is_accepted_only(monkeypatch, told, ada):
    monkeypatch.setattr(log, "wait", lambda *_, **__: None)
    path, purpose = told["path"], {"purpose": "contact_case"}
    written = ada.ask("POST", f"{path}/messages", {"text": "x"}, Idempotency_Key="3")
    again = ada.ask("POST", f"{path}/messages", {"text": "x"}, Idempotency_Key="3")
    given = ada.ask("POST", f"{path}/consents", purpose)
    taken = ada.ask("DELETE", f"{path}/consents/{given.json['id']}")
    moved = ada.ask("POST", f"{path}/moves/withdraw", {})

    answers = [written, again, given, taken, moved]
    assert [one.status_code for one in answers] == [202] * 5
    assert {one.headers["Retry-After"] for one in answers} == {"1"}
    assert written.json["receipt_url"] == again.json["receipt_url"]
    assert moved.json["state"] == "closed"


def test_what_a_case_does_not_allow_now_is_a_conflict(told, ada):
    answer = ada.ask("POST", f"{told['path']}/moves/confirm", {})

    assert (answer.status_code, answer.json["code"]) == (409, "case.wrong-state")


def test_what_another_part_does_is_not_yours(told, ada, cleo, cora):
    cora.ask("POST", f"{told['path']}/moves/triage", TRIAGED)
    cleo.ask("POST", f"{told['path']}/moves/assign", {})

    answer = ada.ask("POST", f"{told['path']}/moves/resolve", {"text": "Done"})

    assert (answer.status_code, answer.json["code"]) == (403, "case.not-yours")


def test_a_move_without_its_fields_is_told_which(told, cora):
    answer = cora.ask("POST", f"{told['path']}/moves/triage", {})

    assert answer.status_code == 422
    assert answer.json["errors"][0]["pointer"] == "/topic"


@pytest.mark.parametrize("action", ["nonsense", "WITHDRAW", "__class__"])
def test_a_move_that_is_none_is_not_found(told, ada, action):
    answer = ada.ask("POST", f"{told['path']}/moves/{action}", {})

    assert answer.status_code == 404


@pytest.mark.parametrize("action", ["lapse", "expire", "purge", "erase", "submit"])
def test_what_the_rules_do_by_themselves_nobody_asks_for(told, ada, action):
    answer = ada.ask("POST", f"{told['path']}/moves/{action}", {})

    assert answer.status_code == 409


def test_a_case_can_be_taken_back_without_a_word(told, ada):
    answer = ada.ask("POST", f"{told['path']}/moves/withdraw")

    assert (answer.json["state"], answer.json["outcome"]) == ("closed", "withdrawn")


DOORS = [
    ("GET", "", None),
    ("GET", "/head", None),
    ("GET", "/bundle", None),
    ("GET", "/receipts/0", None),
    ("POST", "/messages", {"text": "x"}),
    ("POST", "/moves/withdraw", {}),
    ("POST", "/moves/triage", TRIAGED),
    ("POST", "/moves/resolve", {"text": "x"}),
    ("POST", "/consents", {"purpose": "contact_case"}),
    ("DELETE", "/consents/00000000-0000-0000-0000-000000000000", None),
]


@pytest.mark.parametrize("door", DOORS, ids=str)
def test_anothers_case_answers_like_one_that_is_not_there(ben, cleo, told, door):
    method, where, body = door

    for who in (ben, cleo):
        there = who.ask(method, told["path"] + where, body, Idempotency_Key="d")
        absent = who.ask(
            method, f"/api/v1/cases/{ABSENT}{where}", body, Idempotency_Key="d"
        )

        assert there.status_code == absent.status_code == 404
        assert _same(there) == _same(absent)


def test_the_link_of_one_case_does_not_open_another(ash, app, told, ada):
    key = f"other-{ash.now().timestamp()}"
    sent = {"text": "x"}
    other = Program(app, ash).ask("POST", TELL, sent, Idempotency_Key=key).json

    answer = ada.ask("GET", f"/api/v1/cases/{other['case_ref']}")

    assert answer.status_code == 404
    assert told["case_ref"] != other["case_ref"]


def _same(answer):
    headers = {name: value for name, value in answer.headers if name != "X-Request-Id"}
    return {**answer.json, "request_id": ""}, headers


@pytest.mark.parametrize("door", DOORS, ids=str)
def test_somebody_without_a_token_is_asked_for_one_at_every_door(ash, app, told, door):
    method, where, body = door

    answer = Program(app, ash).ask(method, told["path"] + where, body)

    assert (answer.status_code, answer.json["code"]) == (401, "auth.required")


def test_consent_is_given_and_taken_back(told, ada):
    path = f"{told['path']}/consents"

    given = ada.ask("POST", path, {"purpose": "contact_case"})
    taken = ada.ask("DELETE", f"{path}/{given.json['id']}")

    lines = {it["id"]: it for it in ada.ask("GET", told["path"]).json["consents"]}
    assert (given.status_code, given.json["withdrawn_at"]) == (201, None)
    assert (taken.status_code, taken.data) == (204, b"")
    assert lines[given.json["id"]]["withdrawn_at"] is not None


def test_a_token_that_was_taken_away_opens_nothing_at_the_next_request(ash, ben):
    before = ben.ask("GET", "/api/v1/cases")

    token = ben.authority["Authorization"].removeprefix("Bearer ")
    accounts.withdraw_token(ash, token)

    assert before.status_code == 200
    assert ben.ask("GET", "/api/v1/cases").status_code == 401


def test_a_list_comes_in_parts_that_fit_together(village, ash, app):
    fay = members.join(ash, "fay@ash.example")
    program = Program(app, ash, token_of(ash, fay))
    told = []
    for number in range(5):
        key = str(number)
        made = program.ask("POST", TELL, {"text": "x"}, Idempotency_Key=key).json
        told.append(made["case_ref"])
        village.pass_time(minutes=1)

    seen, address = [], "/api/v1/cases?limit=2"
    while address:
        answer = program.ask("GET", address)
        seen += [it["case_ref"] for it in answer.json["items"]]
        address = answer.headers.get("Link", "").partition(">")[0][1:]

    assert seen == told[::-1]


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=101", "limit=x", "cursor=AAAA", "cursor=%C3%A9", "order_by=1",
     "limit=1&cursor=~"],
)  # fmt: skip
def test_a_part_of_a_list_that_cannot_be_is_refused(ben, query):
    assert ben.ask("GET", f"/api/v1/cases?{query}").status_code == 422


def test_a_cursor_is_good_for_whom_it_was_made(village, ash, app):
    programs = [
        Program(app, ash, token_of(ash, members.join(ash, f"{name}@ash.example")))
        for name in ("gil", "hal")
    ]
    for number in range(2):
        programs[0].ask("POST", TELL, {"text": "x"}, Idempotency_Key=str(number))
        village.pass_time(minutes=1)
    cursor = programs[0].ask("GET", "/api/v1/cases?limit=1").json["next"]

    mine = programs[0].ask("GET", f"/api/v1/cases?cursor={cursor}")
    theirs = programs[1].ask("GET", f"/api/v1/cases?cursor={cursor}")

    assert (mine.status_code, theirs.status_code) == (200, 422)


def test_a_program_takes_a_missed_promise_further_up_and_chooses(
    village, ash, told, ada
):
    path = f"{told['path']}/escalations"
    kept = ada.ask("POST", path, {})
    assert (kept.status_code, kept.json["code"]) == (409, "case.wrong-state")

    while not ada.ask("GET", told["path"]).json["ladder"]["may_escalate"]:
        village.pass_time(hours=12)
        village.work(ash)
    step = ada.ask("POST", path, {}).json
    chosen = ada.ask("POST", path, {"choice": "assembly"}).json
    shown = ada.ask("GET", told["path"]).json

    # Nobody read it either, so coordinators and stewards knew already.
    assert (step["step"], step["offered"]) == (3, True)
    assert (chosen["offered"], chosen["choice"]) == (True, "assembly")
    assert shown["ladder"] == chosen
    late = [one for one in shown["pledges"] if one["missed_at"]]
    assert {one["cause"] for one in late} == {"capacity"}
    assert {one["kind"] for one in shown["timeline"]} >= {"escalate"}
