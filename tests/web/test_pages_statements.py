"""Replies in the community's name, through the pages and for programs."""

from io import BytesIO
from uuid import uuid4

import pytest

from governance.cases import State
from tests.support import members
from tests.support.cast import moot_on
from tests.support.clients import Program, app_of, token_of
from tests.support.pictures import PDF
from tests.web.test_pages_files import form

WORDS = "We ask them to repair it."


@pytest.fixture
def olga(house):
    members.join(house.node, "olga@ash.example", "coordinator")
    return house.member("olga@ash.example")


def template(house, olga):
    cleo = house.member("cleo@ash.example")
    cleo.open("/admin/templates")
    fields = {"name": "Our word", "language": "en", "text": WORDS, "community": "yes"}
    cleo.send("/admin/templates", **fields)
    page = cleo.path.partition("?")[0]
    assert "For all of us: a second person agrees before it leaves." in cleo.text
    olga.open(page)
    olga.send(f"{page}/approve")


def begun(house, olga):
    template(house, olga)
    guest, cleo, reference = house.taken()
    page = f"/desk/cases/{reference}"
    cleo.open(page)
    values = form(cleo, f"{page}/reply").values
    values.pop("files", None)
    cleo.post(f"{page}/template", 200, **{**values, "template": "Our word"})
    assert "Your reply waits until somebody else agrees to it" in cleo.text
    return guest, cleo, page


def test_it_waits_on_the_page_of_the_case_and_leaves_when_another_agrees(house, olga):
    guest, cleo, page = begun(house, olga)

    cleo.send(f"{page}/reply")

    assert "It waits until somebody else agrees. Nothing has left." in cleo.text
    assert "In our name, if a second person agrees" in cleo.text
    assert "Who can: Olga" in cleo.text
    assert not any(one.action.endswith("/agree") for one in cleo.forms)
    assert WORDS not in guest.open(page.removeprefix("/desk"))
    olga.open(page)
    (agree,) = [one.action for one in olga.forms if one.action.endswith("/agree")]
    olga.send(agree)
    assert "The member gets it, in the name of us all." in olga.text
    assert WORDS in guest.open(page.removeprefix("/desk"))
    assert "In our name, if" not in cleo.open(page)


def test_its_author_takes_it_back_with_one_press(house, olga):
    guest, cleo, page = begun(house, olga)
    cleo.send(f"{page}/reply")
    (cancel,) = [one.action for one in cleo.forms if one.action.endswith("/cancel")]

    cleo.send(cancel)

    assert "The reply does not leave." in cleo.text
    olga.open(page)
    assert not any(one.action.endswith("/agree") for one in olga.forms)
    assert WORDS not in guest.open(page.removeprefix("/desk"))


def test_files_are_refused_beside_their_field_and_no_word_is_lost(house, olga):
    _, cleo, page = begun(house, olga)
    fields = form(cleo, f"{page}/reply").values
    fields["files"] = [(BytesIO(PDF), "letter.pdf", "application/pdf")]

    cleo.post(f"{page}/reply", 422, **fields)

    assert "What waits for a second person brings no files." in cleo.text
    assert form(cleo, f"{page}/reply").values["reply"].strip() == WORDS


def test_programs_ask_and_agree(tmp_path):
    with moot_on("", tmp_path) as moot:
        made = moot.tell()
        moot.bring(made, State.WORKING)
        app, ref = app_of(moot.node), made.reference

        def say(name, method, path, body=None, status=200):
            role = "advocate" if name == "cleo" else "coordinator"
            token = token_of(moot.node, moot.ids[name], role=role)
            key = {"Idempotency_Key": str(uuid4())} if method == "POST" else {}
            program = Program(app, moot.node, token)
            answer = program.ask(method, f"/api/v1{path}", body, **key)
            assert answer.status_code == status, answer.text
            return answer.json if answer.data else None

        given = {"name": "Our word", "medium": "mail", "language": "en", "text": WORDS}
        given["community"] = True
        id_ = say("iris", "POST", "/templates", given, 201)["id"]
        say("olga", "POST", f"/templates/{id_}/approve", {}, 204)
        found = say("cleo", "GET", f"/cases/{ref}/templates/Our%20word")
        assert found["community"]
        sent = {"text": found["text"], "template": found["version_id"]}
        no = say("cleo", "POST", f"/cases/{ref}/messages", sent, 409)
        assert no["code"] == "case.second-person"

        (line,) = say("cleo", "POST", f"/cases/{ref}/statements", sent, 201)["items"]
        assert set(line["seconds"]) == {"Gus", "Iris", "Olga"}
        path = f"/cases/{ref}/statements/{line['id']}"
        assert say("cleo", "POST", path, {}, 409)["code"] == "case.second-person"
        assert say("iris", "POST", path, {}) == {"items": []}
        say("iris", "POST", path, {}, 409)
