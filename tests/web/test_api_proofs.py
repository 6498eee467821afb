"""For programs: what a link alone does not do, and what it becomes by a code."""

import re
from datetime import datetime, timedelta

import pytest

from tests.support.clients import Program, app_of
from tests.support.pictures import PDF
from tests.support.village import Village

MAIL = "zoe@mailbox.example"
TELL = "/api/v1/submissions"


@pytest.fixture
def village(tmp_path):
    village = Village(tmp_path)
    yield village
    village.close()


@pytest.fixture
def ash(village):
    return village.found("https://ash.example")


@pytest.fixture
def app(ash):
    return app_of(ash)


@pytest.fixture
def told(ash, app):
    sent = {"text": "No heat", "contact": {"email": MAIL}}
    program = Program(app, ash)
    told = program.ask("POST", TELL, sent, Idempotency_Key="1".zfill(16)).json
    return told | {"path": f"/api/v1/cases/{told['case_ref']}"}


@pytest.fixture
def zoe(ash, app, told):
    return Program(app, ash, f"Link {told['token']}")


def prove(village, ash, told, zoe):
    """Have a code sent, and return what it is answered with."""
    path = f"{told['path']}/proof"
    assert zoe.ask("POST", path).status_code == 204
    village.work(ash)
    mails = [it for to, it in village.mails if to == MAIL]
    found = next(it for it in reversed(mails) if "Your code" in it["Subject"])
    code = re.search(r"\b[0-9]{6}\b", found.get_content())[0]
    return zoe.ask("POST", f"{path}/code", {"code": code})


def test_a_link_becomes_more_by_a_code_and_for_a_while(village, ash, app, told, zoe):
    added = zoe.http.post(
        f"{told['path']}/files?name=letter.pdf",
        data=PDF,
        content_type="application/pdf",
        base_url=ash.settings.origin,
        headers={**zoe.authority, "Idempotency-Key": "2".zfill(16)},
    )
    file = f"/api/v1/files/{added.json['id']}"
    assert zoe.ask("GET", file).status_code == 200  # Nobody proved anything yet.
    prove(village, ash, told, zoe)

    refused = zoe.ask("GET", file)
    assert (refused.status_code, refused.json["code"]) == (403, "case.code-needed")
    assert "Have a code sent to your address" in refused.json["detail"]
    made = prove(village, ash, told, zoe)

    until = datetime.fromisoformat(made.json["until"])
    assert timedelta(minutes=14) < until - ash.now() <= timedelta(minutes=15)
    proven = Program(app, ash, f"Link {made.json['token']}")
    assert proven.ask("GET", file).data == PDF
    village.pass_time(minutes=15)
    over = proven.ask("GET", file)
    assert (over.status_code, over.json["code"]) == (401, "auth.required")
    assert zoe.ask("GET", told["path"]).status_code == 200


def test_what_shares_or_erases_is_refused_to_a_link_alone(village, ash, app, told, zoe):
    made = prove(village, ash, told, zoe)
    shares = {"purpose": "handle_case", "recipient": "advocates"}
    words = " ".join(told["words"])
    wishes = {
        "consents": shares,
        "erasures": {"level": "chain", "words": words},
    }
    for name, wish in wishes.items():
        refused = zoe.ask("POST", f"{told['path']}/{name}", wish)
        assert (refused.status_code, refused.json["code"]) == (403, "case.code-needed")

    proven = Program(app, ash, f"Link {made.json['token']}")
    assert proven.ask("POST", f"{told['path']}/consents", shares).status_code in {
        201, 202,
    }  # fmt: skip
    gone = proven.ask("POST", f"{told['path']}/erasures", {"level": "chain"})
    assert gone.status_code in {200, 202}
    assert zoe.ask("GET", told["path"]).status_code == 401


def test_guessed_secrets_beside_a_link_are_turned_away(village, ash, app, told, zoe):
    prove(village, ash, told, zoe)

    for secret in ("", "A" * 43, "." * 9):
        guess = Program(app, ash, f"Link {told['token']}.{secret}")
        assert guess.ask("GET", told["path"]).status_code == 401
