from uuid import uuid4

import pytest

from governance.cases import State
from tests.support.cast import moot_on
from tests.support.clients import Program, app_of, token_of
from tests.web.test_pages_files import form
from tests.web.test_pages_notes import desk

STEP = "Send us the letter."


def adds(cleo, page, status=200, **given):
    typed = {"step": STEP, "owner": "member", "due": "2026-03-05", **given}
    cleo.send(f"{page}/plan", status, **typed)


def press(reader, word):
    """Press the one button of the page that does this to a step."""
    (action,) = (
        one.action
        for one in reader.forms
        if "/plan/" in one.action and one.action.endswith(word)
    )
    reader.send(action)


@pytest.fixture
def planned(house):
    guest, cleo, page = desk(house)
    adds(cleo, page)
    return guest, cleo, page


def test_a_step_stands_on_both_pages_of_the_case(planned):
    guest, cleo, page = planned
    assert "It is in the plan. The member sees it." in cleo.text
    assert f"{STEP} the member does it · by" in cleo.text

    guest.open(page.removeprefix("/desk"))

    assert f"{STEP} you do it · by" in guest.text


def test_a_member_says_that_their_step_is_done_and_takes_it_back(planned):
    guest, cleo, page = planned
    guest.open(page.removeprefix("/desk"))

    press(guest, "/done")
    assert "It is done. Your advocate sees it." in guest.text
    assert "done" in cleo.open(page)
    press(guest, "/undo")

    assert "It is still to be done." in guest.text


def test_the_desk_ticks_off_and_takes_out(planned):
    guest, cleo, page = planned
    press(cleo, "/done")
    assert "Cleo Marsh" in guest.open(page.removeprefix("/desk"))
    press(cleo, "/undo")
    press(cleo, "/remove")

    assert "It has no steps yet." in cleo.text
    assert "The plan" not in guest.open(page.removeprefix("/desk"))


def test_a_step_that_is_the_advocates_shows_the_member_no_button(house):
    guest, cleo, page = desk(house)
    adds(cleo, page, owner="advocate", due="")

    guest.open(page.removeprefix("/desk"))

    assert f"{STEP} Cleo does it" in guest.text
    assert not [one for one in guest.forms if "/plan/" in one.action]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"step": " "}, "Say what is to be done"),
        ({"step": "x" * 201}, "Use one line"),
        ({"due": "2026-03-02"}, "Choose a day to come, within a year"),
        ({"due": "soon"}, "Choose a day to come, within a year"),
        ({"due": "2028-03-02"}, "Choose a day to come, within a year"),
        ({"owner": "nobody"}, "Choose who does it"),
    ],
)
def test_what_is_no_step_is_refused_beside_its_field(house, given, said):
    _, cleo, page = desk(house)

    adds(cleo, page, 422, **given)

    assert said in cleo.text
    typed = {"step": STEP, "due": "2026-03-05", **given}
    assert form(cleo, f"{page}/plan").values["step"] == typed["step"]
    assert form(cleo, f"{page}/plan").values["due"] == typed["due"]


def test_an_old_page_adds_nothing_to_a_case_that_is_over_and_loses_no_word(planned):
    guest, cleo, page = planned
    old = form(cleo, f"{page}/plan").values
    guest.open(f"{page.removeprefix('/desk')}/withdraw")
    guest.send(f"{page.removeprefix('/desk')}/withdraw")

    cleo.post(f"{page}/plan", 409, **{**old, "step": "Typed in an old tab."})

    assert "Typed in an old tab." in cleo.text
    assert not [one for one in cleo.forms if one.action == f"{page}/plan"]


def test_a_full_plan_says_so(house):
    _, cleo, page = desk(house)
    for _ in range(50):
        adds(cleo, page, due="")

    adds(cleo, page, 422, due="")

    assert "The plan is full. Remove a step first" in cleo.text


@pytest.fixture
def programs(tmp_path):
    with moot_on("", tmp_path) as moot:
        made = moot.tell(by=moot["ada"])
        moot.bring(made, State.WORKING)
        app = app_of(moot.node)

        def ask(who, method, path="", **given):
            role = "advocate" if who == "cleo" else "member"
            authority = token_of(moot.node, moot.ids[who], role=role)
            address = f"/api/v1/cases/{made.reference}/plan{path}"
            return Program(app, moot.node, authority).ask(method, address, **given)

        yield ask


def test_programs_make_a_plan_and_tick_it_off(programs):
    given = {"title": STEP, "owner": "member", "due": "2026-03-05"}
    key = str(uuid4())
    for _ in range(2):
        made = programs("cleo", "POST", json=given, Idempotency_Key=key)
        assert made.status_code == 201
    (step,) = made.json["steps"]
    assert (step["title"], step["due_at"]) == (STEP, "2026-03-05T00:00:00.000Z")

    done = programs("ada", "POST", f"/{step['id']}/done")
    assert done.json["steps"][0]["done_at"]
    assert programs("ada", "DELETE", f"/{step['id']}/done").status_code == 204
    assert programs("ada", "DELETE", f"/{step['id']}").status_code == 403
    assert programs("cleo", "DELETE", f"/{step['id']}").status_code == 204
    assert programs("ada", "GET").json == {"steps": [], "writes": False}


def test_a_program_of_somebody_else_finds_no_plan(programs):
    assert programs("ben", "GET").status_code == 404
