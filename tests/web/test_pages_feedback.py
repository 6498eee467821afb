"""How a case was handled: through the pages, for programs, and on the terminal."""

import re
from uuid import uuid4

import pytest
import structlog

from governance.cases import State
from node import feedback
from tests.support.cast import moot_on
from tests.support.clients import Browser, Program, app_of, token_of
from tests.support.commands import Terminal
from tests.web.reader import Reader
from tests.web.test_pages_files import form

SAID = "Kind on the telephone, and slow with every letter."
ANSWER = "You waited for the letters. I am sorry."
AGAIN = "On second thought it was good."


def close(guest, cleo, reference):
    cleo.open(f"/desk/cases/{reference}")
    cleo.send(f"/desk/cases/{reference}/resolve", resolve="It is repaired.")
    guest.open(f"/cases/{reference}")
    guest.send(f"/cases/{reference}/answer", answer="solved", reason="")


@pytest.fixture
def over(house):
    """A closed case: its guest, its advocate, and where it is spoken of."""
    guest, cleo, reference = house.taken()
    close(guest, cleo, reference)
    return guest, cleo, reference


def test_the_page_of_a_closed_case_leads_there_and_that_of_an_open_one_does_not(house):
    guest, cleo, reference = house.taken()
    assert "Say how it was" not in guest.open(f"/cases/{reference}")
    assert "What the member said" not in cleo.open(f"/desk/cases/{reference}")
    guest.open(f"/cases/{reference}/feedback")
    assert "You can say it once your case is closed." in guest.text
    assert not [one for one in guest.forms if one.action.endswith("/feedback")]

    close(guest, cleo, reference)

    guest.open(f"/cases/{reference}")
    assert f'href="/cases/{reference}/feedback"' in guest.html
    cleo.open(f"/desk/cases/{reference}")
    assert f'href="/desk/cases/{reference}/feedback"' in cleo.html
    cleo.open(f"/desk/cases/{reference}/feedback")
    assert "The member said nothing about it." in cleo.text
    assert not [one for one in cleo.forms if one.action.endswith("/feedback")]


def test_a_guest_says_it_the_advocate_answers_and_the_guest_reads_that(over):
    guest, cleo, reference = over
    guest.open(f"/cases/{reference}/feedback")
    assert "Cleo Marsh, who worked on it, and whoever coordinates" in guest.text
    guest.send(f"/cases/{reference}/feedback", rating="2", text=SAID)
    assert "Thank you for telling us." in guest.text
    assert SAID in guest.text
    assert "2 of 5: rather bad" in guest.text

    cleo.open(f"/desk/cases/{reference}/feedback")
    assert SAID in cleo.text
    cleo.send(f"/desk/cases/{reference}/feedback", answer=ANSWER)
    assert "The member gets your answer." in cleo.text
    assert not [one for one in cleo.forms if one.action.endswith("/feedback")]

    guest.open(f"/cases/{reference}/feedback")
    assert ANSWER in guest.text
    guest.open(f"/cases/{reference}")
    assert "said how it was handled" in guest.text
    assert "answered what was said about how it was handled" in guest.text
    guest.open(f"/cases/{reference}/sharing")
    assert "what you said about how it was handled" in guest.text


def test_it_is_said_anew_and_taken_back(over):
    guest, _, reference = over
    path = f"/cases/{reference}/feedback"
    guest.open(path)
    guest.send(path, rating="2", text=SAID)
    guest.send(path, rating="5", text=AGAIN)
    assert AGAIN in guest.text
    assert SAID not in guest.html

    guest.send(f"{path}/back")

    assert "It is taken back" in guest.text
    assert AGAIN not in guest.html
    assert form(guest, path).values["text"] == ""


def test_a_number_is_needed_and_what_was_typed_stays(over):
    guest, cleo, reference = over
    path = f"/cases/{reference}/feedback"
    guest.open(path)

    guest.send(path, 422, text=SAID)
    assert "Choose a number from 1 to 5" in guest.text
    assert form(guest, path).values["text"] == SAID
    guest.send(path, 422, rating="3", text="x" * 50_001)
    assert "This is too long. Say it in a few sentences" in guest.text
    guest.send(path, rating="3", text="")
    assert "3 of 5: neither good nor bad" in guest.text

    cleo.open(f"/desk/cases/{reference}/feedback")
    cleo.send(f"/desk/cases/{reference}/feedback", 422, answer=" ")
    assert "Write something first" in cleo.text


def test_whoever_is_overtaken_keeps_their_words(over):
    guest, cleo, reference = over
    path = f"/cases/{reference}/feedback"
    guest.open(path)
    guest.send(path, rating="2", text=SAID)
    desk = f"/desk/cases/{reference}/feedback"
    cleo.open(desk)
    late = form(cleo, desk).values
    cleo.send(desk, answer=ANSWER)

    cleo.post(desk, 409, **{**late, "answer": "Another answer."})
    assert "There is an answer to this already." in cleo.text
    assert "Another answer." in cleo.html

    guest.open(path)
    typed = form(guest, path).values
    guest.open(f"/cases/{reference}")
    guest.send(f"/cases/{reference}/reopen", reason="It is cold again.")
    guest.post(path, 409, **{**typed, "rating": "1", "text": AGAIN})
    assert "once your case is closed" in guest.text
    assert AGAIN in guest.html


def test_others_find_no_page_of_it(house, over):
    _, _, reference = over
    ben = house.member("ben@ash.example")

    ben.open(f"/desk/cases/{reference}/feedback", 404)
    ben.open(f"/cases/{reference}/feedback", 404)
    nobody = house.reader()
    nobody.open(f"/cases/{reference}/feedback")
    assert nobody.path.startswith("/sign-in")


@pytest.fixture
def moot(tmp_path):
    with moot_on("", tmp_path / "moot") as moot:
        yield moot


def link(moot, made):
    return Program(app_of(moot.node), moot.node, f"Link {made.link_token}")


def program(moot, who):
    token = token_of(moot.node, moot.ids[who], role="advocate")
    return Program(app_of(moot.node), moot.node, token)


def test_programs_say_it_by_the_link_of_a_case_and_answer_it(moot):
    made = moot.tell()
    moot.bring(made, State.CLOSED)
    path = f"/api/v1/cases/{made.reference}/feedback"
    guest, cleo = link(moot, made), program(moot, "cleo")

    for wrong in ({}, {"rating": 6}, {"rating": "2"}, {"rating": 2, "mark": 1}):
        assert guest.ask("POST", path, wrong).status_code == 422
    words, key = {"rating": 2, "text": SAID}, "a-key-of-one-s-own"
    said = guest.ask("POST", path, words, Idempotency_Key=key)
    twice = guest.ask("POST", path, words, Idempotency_Key=key)
    assert twice.json == said.json
    assert said.status_code == 200, said.text
    assert said.json["said"]["rating"] == 2
    assert guest.ask("POST", f"{path}/answer", {"text": ANSWER}).status_code == 401
    answered = cleo.ask("POST", f"{path}/answer", {"text": ANSWER})
    assert answered.json["said"]["answer"] == ANSWER
    again = cleo.ask("POST", f"{path}/answer", {"text": ANSWER})
    assert (again.status_code, again.json["code"]) == (409, "case.wrong-state")
    assert guest.ask("GET", path).json["said"]["answered_by"] == "Cleo"
    assert guest.ask("DELETE", path).status_code == 204
    assert guest.ask("GET", path).json["said"] is None
    assert guest.ask("DELETE", path).status_code == 404


def test_it_is_said_and_answered_on_the_terminal(moot):
    here, made = Terminal(moot), moot.tell(by=moot["ada"])
    moot.bring(made, State.RESOLVED)
    moot.act(made, "confirm", moot["ada"], answer="solved")
    ref = made.reference

    printed = here.good(
        "cases feedback give", ref, "--rating", 2, "--text", SAID, by="ada"
    )
    assert "2 of 5, about Cleo" in printed
    assert here.no("cases feedback give", ref, "--rating", 9, by="ada") == "invalid"
    printed = here.good("cases feedback answer", ref, by="cleo", stdin=f"{ANSWER}\n")
    assert SAID in printed
    assert ANSWER in printed
    assert here.shown("cases feedback show", ref, by="ada") == here.answered(
        f"/cases/{ref}/feedback", by="ada"
    )
    here.good("cases feedback take-back", ref, by="ada")
    assert here.good("cases feedback show", ref, by="ada") == ""
    structlog.reset_defaults()


COPY = "They were kind on the telephone, and slow with letters."
FOUND = "A letter a week would have helped."


@pytest.fixture
def looked(moot):
    """A copy that others are asked to look at: how its pages are opened, the case."""
    made = moot.tell()
    moot.bring(made, State.CLOSED)
    said = feedback.Said(uuid4(), 2, SAID)
    feedback.give(moot.node, made.reference, said, by=moot.guest(made))
    app = app_of(moot.node)

    def reader(who):
        browser = Browser(app, moot.node)
        browser.sign_in(moot.ids[who])
        found = Reader(app)
        found.client = browser.http
        return found

    return reader, made.reference


def test_two_others_read_a_copy_and_its_advocate_what_they_found(looked):
    reader, ref = looked
    iris, path = reader("iris"), f"/desk/cases/{ref}/feedback"
    iris.open(path)
    action = f"{path}/copy"
    assert form(iris, action).values["copy"] == SAID
    iris.send(action, 422, copy=COPY)
    assert "Say that you looked for names yourself" in iris.text
    iris.send(action, 422, copy=f"Cleo: {COPY}", looked="yes")
    assert "This still says whose case it is." in iris.text
    iris.send(action, copy=COPY, looked="yes")
    assert "Two others are asked to look at it." in iris.text
    assert "0 of 2 who were asked are done." in iris.text

    for who in ("eve", "gus", "olga"):
        other = reader(who)
        other.open("/desk/copies")
        if "No copy waits for you." in other.text:
            continue
        assert COPY in other.text
        assert ref not in other.html
        (there,) = (
            one.action
            for one in other.forms
            if re.fullmatch(r"/desk/copies/[0-9a-f-]{36}", one.action)
        )
        other.send(there, 422, finding=" ")
        assert "Write something first" in other.text
        late = form(other, there).values
        other.send(there, finding=FOUND)
        assert "No copy waits for you." in other.text
        other.post(there, 409, **{**late, "finding": "Once more."})
        assert "Once more." in other.html

    cleo = reader("cleo")
    cleo.open(path)
    assert cleo.text.count(FOUND) == 2


def test_whoever_cannot_look_says_so_with_one_press(looked):
    reader, ref = looked
    iris, path = reader("iris"), f"/desk/cases/{ref}/feedback"
    iris.open(path)
    iris.send(f"{path}/copy", copy=COPY, looked="yes")
    with_copy = [
        other
        for other in map(reader, ("eve", "gus", "olga"))
        if COPY in other.open("/desk/copies")
    ]
    first, _ = with_copy

    (there,) = (one.action for one in first.forms if one.action.endswith("/decline"))
    first.send(there)

    assert "Somebody else is asked, if there is anybody." in first.text
    assert COPY not in first.html


def test_copies_are_made_read_and_judged_on_the_terminal_as_over_the_api(moot, looked):
    _, ref = looked
    here = Terminal(moot)
    words = ("--text", COPY)
    assert here.no("cases feedback copy", ref, *words, by="iris") == "invalid.choice"
    here.good("cases feedback copy", ref, *words, "--looked", by="iris")
    done = 0
    for who in ("eve", "gus", "olga"):
        lines = here.shown("cases feedback copies", by=who)
        assert lines == here.answered("/copies", by=who)
        for line in lines["items"]:
            id_ = line["id"]
            assert here.good("cases feedback read", id_, by=who) == COPY
            found = here.answered(f"/copies/{id_}", by=who)
            assert (found["text"], found["finding"]) == (COPY, "")
            here.good("cases feedback find", id_, "--text", FOUND, by=who)
            assert here.no("cases feedback decline", id_, by=who) == "case.wrong-state"
            again = {"text": FOUND}
            assert here.post(f"/copies/{id_}/finding", again, by=who) == 409
            done += 1
    assert done == 2
    review = here.shown("cases feedback show", ref, by="cleo")["review"]
    assert review == {"asked": 2, "found": 2, "done": True, "findings": [FOUND] * 2}
    assert FOUND in here.good("cases feedback show", ref, by="cleo")
    structlog.reset_defaults()
