"""Short texts of one's own, through the page, in a reply, and for programs."""

import re
from uuid import uuid4

import pytest

from governance.cases import State
from tests.support.cast import moot_on
from tests.support.clients import Program, app_of, token_of
from tests.web.test_pages_files import form
from web.schemas.form import DOOR

PAGE = "/desk/snippets"


def keep(reader, title="Hours", text="We open at nine.", status=200):
    reader.open(PAGE)
    reader.send(PAGE, status, title=title, text=text)
    return reader


def insert(cleo, page, status=200, **typed):
    values = form(cleo, f"{page}/reply").values
    values.pop("files", None)
    return cleo.post(f"{page}/snippet", status, **{**values, **typed})


def ids(reader):
    return re.findall(rf'action="{PAGE}/([0-9a-f-]+)/delete"', reader.html)


@pytest.fixture
def cleo(house):
    return house.member("cleo@ash.example")


def test_one_keeps_changes_and_deletes_them_at_one_page(cleo):
    assert "You keep none yet." in cleo.open(PAGE)
    assert "Who will see this: you alone, until you send it in a reply" in cleo.text

    keep(cleo)

    assert "You find it below each reply that you write." in cleo.text
    (id_,) = ids(cleo)
    cleo.open(f"{PAGE}?change={id_}")
    assert form(cleo, f"{PAGE}/{id_}").values["text"].strip() == "We open at nine."
    cleo.send(f"{PAGE}/{id_}", text="We open at ten.")
    assert "It is changed." in cleo.text
    assert "We open at ten." in cleo.text
    cleo.send(f"{PAGE}/{id_}/delete")
    assert "It is gone." in cleo.text
    assert "You keep none yet." in cleo.text


def test_what_is_wrong_is_said_beside_its_field_and_no_word_is_lost(cleo):
    keep(cleo)
    (id_,) = ids(cleo)
    for typed, said in (
        ({"title": ""}, "Give it a title"),
        ({"title": "t" * 61}, "Use a shorter title"),
        ({"text": " "}, "Write something first"),
        ({"text": "{secret}"}, "There is no variable"),
        ({"text": "x" * 5_001}, "has at most 5,000 signs"),
    ):
        for path in (PAGE, f"{PAGE}/{id_}"):
            fields = {"title": "Title", "text": "Kept words", **typed}
            cleo.open(PAGE if path == PAGE else f"{PAGE}?change={id_}")
            cleo.send(path, 422, **fields)
            assert said in cleo.text
            values = form(cleo, path).values
            assert values["title"] == fields["title"]
            assert values["text"].strip() == fields["text"].strip()


def test_nobody_opens_those_of_others_and_members_keep_none(house, cleo):
    keep(cleo)
    (id_,) = ids(cleo)
    ada = house.member("ada@ash.example")

    assert "We open" not in ada.open(f"{PAGE}?change={id_}")
    assert PAGE not in {one.action for one in ada.forms}
    ada.open("/me/data")
    guard = form(ada, "/me/data/requests").values
    guard = {name: guard[name] for name in guard if name in DOOR}
    ada.post(f"{PAGE}/{id_}/delete", 404, **guard)
    ada.post(f"{PAGE}/{id_}", 404, **guard, title="A", text="B")
    ada.post(PAGE, 403, **guard, id=str(uuid4()), title="A", text="B")
    assert "We open at nine." in cleo.open(PAGE)


def test_one_stands_in_the_reply_below_what_was_typed(house):
    _, cleo, reference = house.taken()
    page = f"/desk/cases/{reference}"
    assert "Keep short texts of your own" in cleo.open(page)
    keep(cleo, text="Your case is {reference}.")
    (id_,) = ids(cleo)
    cleo.open(page)

    insert(cleo, page, reply="Dear you,", snippet=id_)

    values = form(cleo, f"{page}/reply").values
    assert values["reply"].strip() == f"Dear you,\n\nYour case is {reference}."
    cleo.send(f"{page}/reply")
    assert "The member gets your reply." in cleo.text
    assert f"Your case is {reference}." in cleo.text


def test_what_a_case_lacks_is_refused_by_name_and_no_word_is_lost(house):
    _, cleo, reference = house.taken()
    page = f"/desk/cases/{reference}"
    keep(cleo, text="Hello {member_name}.")
    (id_,) = ids(cleo)
    cleo.open(page)

    for chosen, said in (
        (id_, "This case has no value for: member_name."),
        (str(uuid4()), "You keep no such text."),
        ("", "Choose one of your short texts"),
    ):
        insert(cleo, page, 422, reply="Typed before.", snippet=chosen)
        assert said in cleo.text
        assert form(cleo, f"{page}/reply").values["reply"].strip() == "Typed before."


def test_the_words_go_on_to_a_draft_with_one_chosen(house):
    _, cleo, reference = house.taken()
    page = f"/desk/cases/{reference}"
    keep(cleo)
    (id_,) = ids(cleo)
    cleo.open(page)
    values = form(cleo, f"{page}/reply").values
    values.pop("files", None)

    cleo.post(f"{page}/draft", 200, **{**values, "reply": "Half", "snippet": id_})

    assert "Your draft is kept." in cleo.text


def test_what_is_held_of_oneself_counts_them(cleo):
    assert "My short texts" not in cleo.open("/me/data").partition("About you")[2]
    keep(cleo)

    assert "You keep 1 short text for replies." in cleo.open("/me/data")


def test_programs_keep_change_fill_in_and_delete(tmp_path):
    with moot_on("", tmp_path) as moot:
        made = moot.tell()
        moot.bring(made, State.WORKING)
        program = Program(
            app_of(moot.node),
            moot.node,
            token_of(moot.node, moot.ids["cleo"], role="advocate"),
        )

        def say(method, path, body=None, status=200, key=None):
            keys = {"Idempotency_Key": key or str(uuid4())} if method == "POST" else {}
            answer = program.ask(method, f"/api/v1{path}", body, **keys)
            assert answer.status_code == status, answer.text
            return answer.json if answer.data else None

        given, key = {"title": "Hello", "text": "About {reference}."}, str(uuid4())
        id_ = say("POST", "/snippets", given, 201, key)["id"]
        assert say("POST", "/snippets", given, 201, key) == {"id": id_}
        say("POST", "/snippets", {**given, "text": "{no}"}, 422)
        say("POST", f"/snippets/{id_}", {**given, "title": "Bye"}, 204)
        (one,) = say("GET", "/snippets")["items"]
        assert (one["id"], one["title"]) == (id_, "Bye")
        found = say("GET", f"/cases/{made.reference}/snippets/{id_}")
        assert found == {"text": f"About {made.reference}."}
        say("GET", f"/cases/{made.reference}/snippets/{uuid4()}", None, 404)
        say("DELETE", f"/snippets/{id_}", None, 204)
        say("DELETE", f"/snippets/{id_}", None, 404)
        say("POST", f"/snippets/{id_}", given, 404)
        assert say("GET", "/snippets") == {"items": []}
