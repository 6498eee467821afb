from uuid import uuid4

import pytest

from governance.cases import State
from tests.support.cast import moot_on
from tests.support.clients import Program, app_of, token_of
from tests.web.test_pages_files import form
from tests.web.test_pages_notes import desk

TEXT = "The office opens on Monday."


def wait(house, hours):
    house.village.pass_time(hours=hours)
    house.village.work(house.node)


def planned(house, when="2026-03-03T09:00"):
    guest, cleo, page = desk(house)
    cleo.send(f"{page}/later", later=TEXT, when=when)
    return guest, cleo, page


def edit_of(cleo, page):
    return next(link for link in cleo.links if link.startswith(f"{page}/later/"))


def test_a_reply_waits_on_the_desk_and_leaves_at_its_time(house):
    guest, cleo, page = planned(house)
    assert "The reply waits." in cleo.text
    assert TEXT in cleo.text
    assert TEXT not in guest.open(page.removeprefix("/desk"))

    wait(house, 22)
    assert TEXT not in guest.open(page.removeprefix("/desk"))
    wait(house, 2)

    assert TEXT in guest.open(page.removeprefix("/desk"))
    assert "A reply that waits" not in cleo.open(page)


def test_a_reply_that_waits_is_taken_back_with_one_press(house):
    guest, cleo, page = planned(house)

    cleo.send(f"{edit_of(cleo, page)}/cancel")
    wait(house, 30)

    assert "The reply does not leave." in cleo.text
    assert TEXT not in guest.open(page.removeprefix("/desk"))


def test_a_reply_that_waits_is_changed_on_its_page(house):
    guest, cleo, page = planned(house)
    where = edit_of(cleo, page)
    cleo.open(where)
    assert form(cleo, where).values["later"] == TEXT
    assert form(cleo, where).values["when"] == "2026-03-03T09:00"

    cleo.send(where, later="On Tuesday.", when="2026-03-03T11:00")
    wait(house, 24)
    assert "On Tuesday." not in guest.open(page.removeprefix("/desk"))
    wait(house, 2)

    words = guest.open(page.removeprefix("/desk"))
    assert "On Tuesday." in words
    assert TEXT not in words


def test_an_old_page_of_a_reply_changes_nothing_and_loses_no_word(house):
    _, cleo, page = planned(house)
    where = edit_of(cleo, page)
    cleo.open(where)
    old = form(cleo, where).values
    cleo.send(where, later="Newer.")

    cleo.post(where, 409, **{**old, "later": "Typed in an old tab."})

    assert "You changed this reply meanwhile" in cleo.text
    assert "Typed in an old tab." in cleo.text
    cleo.open(where)
    assert form(cleo, where).values["later"] == "Newer."


@pytest.mark.parametrize("when", ["", "soon", "2026-03-02T09:00", "2027-03-02T09:00"])
def test_a_moment_that_is_none_is_refused_beside_its_field(house, when):
    _, cleo, page = desk(house)

    cleo.send(f"{page}/later", 422, later=TEXT, when=when)

    assert "Choose a" in cleo.text
    assert form(cleo, f"{page}/later").values["later"] == TEXT


def test_an_empty_change_is_refused_on_the_page_of_the_reply(house):
    _, cleo, page = planned(house)
    where = edit_of(cleo, page)
    cleo.open(where)

    cleo.send(where, 422, later=" ", when="2026-03-03T11:00")
    assert "Write something first" in cleo.text
    cleo.send(where, 422, later=TEXT, when="2026-01-01T11:00")

    assert "Choose a moment within 90 days" in cleo.text


def test_what_left_has_no_page_to_change_it(house):
    _, cleo, page = planned(house)
    where = edit_of(cleo, page)
    wait(house, 30)

    cleo.open(where, 404)
    cleo.open(f"{page}/later/{uuid4()}", 404)


def test_a_reply_that_was_held_says_why(house):
    guest, cleo, page = planned(house)
    cleo.send(f"{page}/resolve", resolve="It is repaired.")
    case = page.removeprefix("/desk")
    guest.open(case)
    guest.send(f"{case}/answer", answer="solved")

    wait(house, 30)

    assert "It was not sent: the case was over" in cleo.open(page)
    assert not any(link.startswith(f"{page}/later/") for link in cleo.links)


def test_a_program_of_the_desk_plans_changes_and_takes_back(moot_api):
    say, path = moot_api
    at, later = "2026-03-03T09:00:00+01:00", "2026-03-03T12:00:00+01:00"

    made = say("POST", path, {"text": TEXT, "at": at}, 201)
    (one,) = made["items"]
    assert one["text"] == TEXT
    assert one["due_at"] == "2026-03-03T08:00:00.000Z"
    where = f"{path}/{one['id']}"
    (one,) = say("POST", where, {"text": "New.", "at": later, "version": 1})["items"]
    assert (one["text"], one["version"], one["why"]) == ("New.", 2, None)
    say("POST", where, {"text": "Old.", "at": later, "version": 1}, 409)
    say("POST", path, {"text": TEXT, "at": "2026-03-03T09:00:00"}, 422)
    say("DELETE", where, None, 204)

    assert say("GET", path, None) == {"items": []}


@pytest.fixture
def moot_api(tmp_path):
    with moot_on("", tmp_path) as moot:
        made = moot.tell()
        moot.bring(made, State.WORKING)
        token = token_of(moot.node, moot.ids["cleo"], role="advocate")
        program = Program(app_of(moot.node), moot.node, token)

        def say(method, path, body, status=200):
            key = {"Idempotency_Key": str(uuid4())} if method == "POST" else {}
            answer = program.ask(method, path, body, **key)
            assert answer.status_code == status, answer.text
            return answer.json if answer.data else None

        yield say, f"/api/v1/cases/{made.reference}/later"
