from uuid import uuid4

import pytest

from governance.cases import State
from tests.support import members
from tests.support.cast import moot_on
from tests.support.clients import Program, app_of, token_of
from tests.web.test_pages_files import form

TEXT = "Hello {advocate_name}, case {reference} was told on {received}."


@pytest.fixture
def olga(house):
    members.join(house.node, "olga@ash.example", "coordinator")
    return house.member("olga@ash.example")


def propose(house, text=TEXT, **typed):
    cleo = house.member("cleo@ash.example")
    cleo.open("/admin/templates")
    fields = {"name": "Hello", "language": "en", "text": text, **typed}
    cleo.send("/admin/templates", **fields)
    return cleo, cleo.path.partition("?")[0]


def in_use(house, olga, text=TEXT, **typed):
    cleo, page = propose(house, text, **typed)
    olga.open(page)
    olga.send(f"{page}/approve")
    return cleo, page


def taken(house):
    _, cleo, reference = house.taken()
    page = f"/desk/cases/{reference}"
    cleo.open(page)
    return cleo, page


def insert(cleo, page, status=200, reply="", name="Hello"):
    values = form(cleo, f"{page}/reply").values
    values.pop("files", None)
    fields = {**values, "reply": reply, "template": name}
    return cleo.post(f"{page}/template", status, **fields)


def test_without_templates_the_page_says_so_and_the_desk_offers_none(house):
    cleo = house.member("cleo@ash.example")

    assert "There are no templates yet" in cleo.open("/admin/templates")
    desk, page = taken(house)
    assert "template" not in form(desk, f"{page}/reply").names


def test_a_version_is_proposed_previewed_and_approved_by_somebody_else(house, olga):
    cleo, page = propose(house)
    assert "Now somebody else has to approve it." in cleo.text
    assert "Hello Kim Example, case AB-1234567" in cleo.text
    assert "somebody else has to approve it" in cleo.open(page)
    assert not any(one.action.endswith("approve") for one in cleo.forms)

    olga.open(page)
    olga.send(f"{page}/approve")

    assert "Everybody at the desk can use it now." in olga.text
    assert "in use" in cleo.open("/admin/templates")


def test_a_template_reads_as_in_the_case_that_is_named(house, olga):
    cleo, page = in_use(house, olga)
    _, case = taken(house)
    reference = case.rpartition("/")[2]

    assert f"case {reference} was told" in cleo.open(f"{page}?ref={reference}")
    assert "There is no such case here" in cleo.open(f"{page}?ref=AM-0000000")


def test_a_template_stands_in_the_field_below_what_was_typed(house, olga):
    in_use(house, olga)
    cleo, page = taken(house)

    insert(cleo, page, reply="Dear you,")
    values = form(cleo, f"{page}/reply").values
    assert values["reply"].startswith("Dear you,\n\nHello Cleo Marsh, case ")
    cleo.send(f"{page}/reply", reply="Something else.")

    assert "The member gets your reply." in cleo.text
    assert "Something else." in cleo.text
    assert "Dear you," not in cleo.text


def test_what_a_case_does_not_have_is_refused_by_name_and_no_word_is_lost(house, olga):
    in_use(house, olga, "Hello {member_name}.")
    cleo, page = taken(house)

    insert(cleo, page, 422, reply="Typed before.")

    assert "This case has no value for: member_name." in cleo.text
    assert form(cleo, f"{page}/reply").values["reply"] == "Typed before."


def test_a_template_that_is_gone_is_refused_beside_the_list(house, olga):
    _, where = in_use(house, olga)
    in_use(house, olga, name="Other")
    cleo, page = taken(house)
    olga.open(where)
    olga.send(f"{where}/retire")
    assert "What was sent stays as it was sent." in olga.text

    insert(cleo, page, 422)
    assert "There is no such template." in cleo.text
    insert(cleo, page, 422, name="")

    assert "Choose a template" in cleo.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"text": "{secret}"}, "There is no variable"),
        ({"text": " "}, "Write the words of the template"),
        ({"text": "word " * 21}, "Use shorter sentences"),
        ({"name": ""}, "Give the template a name"),
        ({"language": "no language"}, "Name a language"),
    ],
)
def test_what_cannot_be_a_template_is_refused_beside_its_field(house, typed, said):
    cleo = house.member("cleo@ash.example")
    cleo.open("/admin/templates")
    fields = {"name": "Hello", "language": "en", "text": TEXT, **typed}

    cleo.send("/admin/templates", 422, **fields)

    assert said in cleo.text
    assert (
        form(cleo, "/admin/templates").values["text"].strip() == fields["text"].strip()
    )


def test_the_page_is_for_who_looks_after_templates(house):
    ben = house.member("ben@ash.example")

    ben.open("/admin/templates", 403)
    cleo, page = propose(house)
    ben.open(page, 403)
    cleo.open(f"/admin/templates/{uuid4()}", 404)


def test_programs_make_approve_fill_in_send_and_retire(tmp_path):
    with moot_on("", tmp_path) as moot:
        made = moot.tell()
        moot.bring(made, State.WORKING)
        app = app_of(moot.node)

        def say(who, method, path, body=None, status=200):
            name, role = who
            token = token_of(moot.node, moot.ids[name], role=role)
            key = {"Idempotency_Key": str(uuid4())} if method == "POST" else {}
            program = Program(app, moot.node, token)
            answer = program.ask(method, f"/api/v1{path}", body, **key)
            assert answer.status_code == status, answer.text
            return answer.json if answer.data else None

        iris, olga = ("iris", "coordinator"), ("olga", "coordinator")
        cleo, ref = ("cleo", "advocate"), made.reference
        given = {"name": "Hello", "medium": "mail", "language": "en", "text": TEXT}
        id_ = say(iris, "POST", "/templates", given, 201)["id"]
        say(olga, "POST", f"/templates/{id_}/approve", {}, 204)
        found = say(cleo, "GET", f"/cases/{ref}/templates/Hello")
        assert ref in found["text"]
        sent = {"text": found["text"], "template": found["version_id"]}
        say(cleo, "POST", f"/cases/{ref}/messages", sent, 201)
        say(olga, "POST", f"/templates/{id_}/retire", {}, 204)
        say(olga, "POST", f"/templates/{id_}/burn", {}, 422)

        (one,) = say(iris, "GET", "/templates")["items"]
        assert (one["state"], one["approved_by"]) == ("retired", "Olga")
        say(cleo, "GET", f"/cases/{ref}/templates/Hello", None, 422)
