"""What becomes of a case, for programs: by a link, by a token, and for stewards."""

from datetime import timedelta

import pytest

from node import attachments, cases
from node.cases import links
from tests.support import members, pictures
from tests.support.clients import Program, app_of, token_of
from tests.support.village import Village

SAID = {"text": "No heat", "wanted_outcome": "Heat"}


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
def stewards(ash, app):
    ids = [
        members.join(ash, f"{name}@ash.example", "steward") for name in ("dov", "vera")
    ]
    scopes = ("cases:read", "cases:write")
    return [
        Program(app, ash, token_of(ash, id_, *scopes, role="steward")) for id_ in ids
    ]


@pytest.fixture
def told(village, ash, app):
    village.pass_time(minutes=10)
    key = ash.now().isoformat()
    made = Program(app, ash).ask(
        "POST", "/api/v1/submissions", SAID, Idempotency_Key=key
    )
    return made.json | {"path": f"/api/v1/cases/{made.json['case_ref']}"}


@pytest.fixture
def ada(ash, app, told):
    return Program(app, ash, f"Link {told['token']}")


def closed(ash, told):
    who = cases.link_visitor(ash, told["token"])
    cases.withdraw(ash, told["case_ref"], by=who)
    return " ".join(links.words(ash, who.case_id))


def test_a_program_reads_what_becomes_of_a_case_and_keeps_it(ash, told, ada):
    assert ada.ask("GET", told["path"] + "/keep").json["phase"] is None
    closed(ash, told)
    assert ada.ask("GET", told["path"] + "/keep").json["next"] == "remind"

    made = ada.ask("POST", told["path"] + "/keep", {"choice": "keep"})

    assert made.status_code in {200, 202}
    shown = ada.ask("GET", told["path"] + "/keep").json
    assert (shown["phase"], shown["next"], shown["goes_at"]) == (
        "kept",
        "ask_again",
        None,
    )


@pytest.mark.parametrize("choice", ["nameless", "delete"])
def test_what_goes_needs_the_four_words_of_a_link(ash, told, ada, choice):
    words = closed(ash, told)
    path, wish = told["path"] + "/keep", {"choice": choice}
    refused = ada.ask("POST", path, {**wish, "words": "no such words here"})
    assert (refused.status_code, refused.json["code"]) == (401, "auth.required")

    made = ada.ask("POST", path, {**wish, "words": words})

    assert made.status_code in {200, 202}
    assert ada.ask("GET", path).status_code in {401, 404, 410}


def test_a_case_rests_and_goes_on(told, ada):
    path = told["path"] + "/rest"

    assert ada.ask("POST", path).status_code == 204
    assert ada.ask("GET", told["path"] + "/keep").json["restricted_at"]
    assert ada.ask("DELETE", path).status_code == 204
    assert ada.ask("GET", told["path"] + "/keep").json["restricted_at"] is None


def test_two_stewards_hold_a_case_and_one_ends_it(ash, told, ada, stewards):
    dov, vera = stewards
    words = closed(ash, told)
    until = (ash.now() + timedelta(days=9)).isoformat()
    wish = {"reference": told["case_ref"], "reason": "A court.", "until": until}
    id_ = dov.ask("POST", "/api/v1/holds", wish).json["id"]
    alone = dov.ask("POST", f"/api/v1/holds/{id_}/second")
    assert (alone.status_code, alone.json["code"]) == (409, "case.second-person")

    assert vera.ask("POST", f"/api/v1/holds/{id_}/second").status_code == 204

    assert [it["agreed"] for it in dov.ask("GET", "/api/v1/holds").json["items"]] == [
        True
    ]
    gone = {"choice": "delete", "words": words}
    held = ada.ask("POST", told["path"] + "/keep", gone)
    assert (held.status_code, held.json["code"]) == (409, "case.held")
    assert vera.ask("DELETE", f"/api/v1/holds/{id_}").status_code == 204
    assert dov.ask("GET", "/api/v1/holds").json["items"] == []


def test_only_stewards_read_what_is_held(ada):
    assert ada.ask("GET", "/api/v1/holds").status_code in {401, 403}


def test_a_program_keeps_the_files_of_a_case_as_long_as_it(told, ada, ash):
    path = told["path"]
    upload = pictures.upload(b"A note.", "note.txt")
    by = cases.link_visitor(ash, told["token"])
    attachments.attach(ash, told["case_ref"], upload, by=by)
    closed(ash, told)
    files = ada.ask("GET", path + "/keep").json["files"]
    assert (files["number"], files["kept"], files["go_at"]) == (1, False, None)

    ada.ask("POST", path + "/keep", {"choice": "keep"})
    assert ada.ask("GET", path + "/keep").json["files"]["go_at"]
    ada.ask("POST", path + "/keep", {"choice": "keep", "files": True})

    files = ada.ask("GET", path + "/keep").json["files"]
    assert (files["kept"], files["go_at"]) == (True, None)


def test_a_case_without_files_says_nothing_of_any(told, ada, ash):
    closed(ash, told)

    assert ada.ask("GET", told["path"] + "/keep").json["files"] is None
