"""Asking about one's own data, through the pages and for programs."""

import re

import pytest

from tests.support import members
from tests.support.clients import Program, token_of

WORDS = "Who wrote the note of May about me?"
ANSWER = "It was Cleo; here is what it says."
ASKED = {"kind": "access", "purpose": "", "words": WORDS}


@pytest.fixture
def ada(house):
    return house.member("ada@ash.example")


def ask(ada, **typed):
    ada.open("/me/data")
    ada.send("/me/data/requests", **{**ASKED, **typed})


def opened(reader):
    """Open the only request there is, from the list."""
    reader.open("/admin/requests")
    reader.open(re.search(r"/admin/requests/[0-9a-f-]{36}", reader.html)[0])
    return reader


def test_a_member_asks_and_reads_the_answer_on_the_same_page(house, ada):
    ask(ada)
    assert "We have it. You get an answer within 30 days." in ada.text
    assert "To be answered by" in ada.text
    assert WORDS in ada.text

    dov = opened(house.member("dov@ash.example"))
    assert WORDS in dov.text
    dov.send(dov.path, how="answer", words=ANSWER)
    assert "They are told that there is an answer" in dov.text
    assert "Nothing waits for an answer." in dov.text
    mail = house.mail("ada@ash.example")
    assert "/me/data" in mail
    assert ANSWER not in mail
    ada.open("/me/data")

    assert ANSWER in ada.text
    assert "Answered" in ada.text
    assert "Steward: what you asked about your data" in ada.text


def test_a_refusal_is_read_with_its_reason_and_whom_to_complain_to(house, ada):
    ask(ada)
    dov = opened(house.member("dov@ash.example"))
    dov.send(dov.path, status=422, how="refuse", words="It names others.")
    assert "Say whom they can complain to" in dov.text
    assert "It names others." in dov.html

    dov.send(dov.path, how="refuse", words="It names others.", complain="DPA, Ash")
    ada.open("/me/data")

    assert "Refused, because: It names others." in ada.text
    assert "Whom to complain to: DPA, Ash" in ada.text


def test_a_late_answer_is_said_to_be_late(house, ada):
    ask(ada)
    house.village.pass_time(days=31)
    house.village.work(house.node)
    ada = house.member("ada@ash.example")
    ada.open("/me/data")

    assert "Late: was due" in ada.text
    assert "It is written down as missed" in ada.text
    dov = house.member("dov@ash.example")
    dov.open("/admin/requests")
    assert "Late: was due" in dov.text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"kind": "other"}, "Choose what you ask for"),
        ({"kind": "objection"}, "Choose what your data shall not be used for"),
        ({"words": " "}, "Say it in your own words"),
        ({"words": "a\x07b"}, "signs in your words that are no text"),
    ],
)
def test_what_is_wrong_is_said_and_no_word_is_lost(ada, wrong, said):
    ada.open("/me/data")
    typed = {**ASKED, **wrong}
    ada.send("/me/data/requests", status=422, **typed)

    assert said in ada.text
    if typed["words"].isprintable():
        assert typed["words"] in ada.html


def test_an_objection_says_to_what(ada):
    ask(ada, kind="objection", purpose="contact_outreach")

    assert "Not to be used for something: Asking you to take part" in ada.text


def test_a_correction_stands_on_the_page_of_the_person(house):
    id_ = members.join(house.node, "eda@ash.example")
    ask(
        house.member("eda@ash.example"),
        kind="rectification",
        words="I am called Adah.",
    )
    cleo = opened(house.member("cleo@ash.example"))
    assert "Their words stand beside what is held of them" in cleo.text
    cleo.open(f"/desk/people/{id_}")

    assert "What they say is right" in cleo.text
    assert "I am called Adah." in cleo.text


def test_a_request_is_taken_back(ada):
    ask(ada)
    back = next(it for it in ada.forms if it.action.endswith("/back"))
    ada.send(back.action)

    assert "It is gone, with every word of it." in ada.text
    assert WORDS not in ada.html
    ada.post(back.action, status=404, **back.values)


def test_what_somebody_answered_meanwhile_is_not_answered_again(house, ada):
    ask(ada)
    dov, cleo = (
        opened(house.member(f"{name}@ash.example")) for name in ("dov", "cleo")
    )
    form = next(it for it in cleo.forms if it.action == cleo.path)
    dov.send(dov.path, how="answer", words=ANSWER)

    typed = {**form.values, "how": "answer", "words": "Something else."}
    cleo.post(cleo.path, status=409, **typed)

    assert "Somebody else answered meanwhile" in cleo.text
    assert "Something else." in cleo.html
    assert ANSWER in cleo.text


def test_the_list_leads_from_the_desk_and_is_not_for_everybody(house, ada):
    cleo = house.member("cleo@ash.example")
    cleo.open("/desk")
    assert "/admin/requests" in cleo.links
    cleo.open("/admin/requests")
    assert "Nothing waits for an answer." in cleo.text

    ada.open("/admin/requests", status=403)
    house.member("ben@ash.example").open("/admin/requests", status=403)


def test_programs_ask_answer_and_take_back(house):
    id_ = members.join(house.node, "eda@ash.example")
    dov = members.join(house.node, "vera@ash.example", "steward")
    scopes = ("cases:read", "cases:write", "cases:erase")
    eda = Program(house.app, house.node, token_of(house.node, id_, *scopes))
    desk = Program(house.app, house.node, token_of(house.node, dov, role="steward"))
    sent = {"kind": "objection", "words": WORDS, "purpose": "publish"}

    made = eda.ask("POST", "/api/v1/me/requests", sent)
    assert made.status_code == 201
    (line,) = desk.ask("GET", "/api/v1/requests").json["open"]
    assert (line["id"], line["purpose"]) == (made.json["id"], "publish")
    assert "words" not in line
    path = f"/api/v1/requests/{line['id']}"
    assert desk.ask("GET", path).json["words"] == WORDS
    assert eda.ask("GET", path).status_code == 403
    longer = desk.ask("POST", f"{path}/longer", {"why": "It is difficult."})
    assert longer.status_code == 204
    assert desk.ask("GET", path).json["longer"] == "It is difficult."
    refused = {"words": "No.", "refused": True}
    assert desk.ask("POST", f"{path}/answer", refused).status_code == 409
    done = desk.ask("POST", f"{path}/answer", {**refused, "complain": "DPA"})
    assert done.status_code == 204

    (item,) = eda.ask("GET", "/api/v1/me/requests").json["items"]
    assert (item["state"], item["answer"], item["complain"]) == (
        "refused",
        "No.",
        "DPA",
    )
    gone = eda.ask("DELETE", f"/api/v1/me/requests/{line['id']}")
    assert gone.status_code == 204
    assert eda.ask("GET", "/api/v1/me/requests").json["items"] == []
    wrong = eda.ask("POST", "/api/v1/me/requests", {"kind": "access", "words": " "})
    assert (wrong.status_code, wrong.json["code"]) == (422, "invalid.words-missing")


def test_a_difficult_request_takes_longer_and_both_sides_read_why(house, ada):
    ask(ada)
    dov = opened(house.member("dov@ash.example"))
    page = dov.path
    dov.send(f"{page}/longer", 422, why=" ")
    assert "Say why it takes longer" in dov.text
    dov.send(f"{page}/longer", why="Three communities must look.")
    assert "They are told why, and read until when." in dov.text
    assert "It needs more time" not in dov.text
    ada = house.member("ada@ash.example")
    ada.open("/me/data")

    assert "It takes longer, because: Three communities must look." in ada.text
