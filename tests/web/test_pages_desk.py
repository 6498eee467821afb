import re

import pytest

from tests.web.conftest import STORY, TRIAGED, tell


def test_the_desk_is_for_those_who_work_here(house):
    ada = house.member("ada@ash.example")

    ada.open("/desk", status=403)
    ada.open("/desk/triage", status=403)
    house.reader().open("/desk")


def test_an_empty_desk_says_so(house):
    cleo = house.member("cleo@ash.example")
    cleo.open("/desk")
    assert "Nothing is waiting." in cleo.text

    cleo.send("/desk/take")

    assert "The queue is empty." in cleo.text


def test_triage_shows_the_matter_and_not_the_person(house):
    ada = house.member("ada@ash.example")
    tell(ada)
    cleo = house.member("cleo@ash.example")

    cleo.open("/desk/triage")

    assert STORY in cleo.text
    assert "Ada" not in cleo.text
    assert "ada@ash.example" not in cleo.html


def test_triage_says_that_a_place_was_named_and_not_which(house):
    guest = house.reader()
    guest.open("/tell/1")
    guest.send("/tell/1", text=STORY)
    guest.send("/tell/2", place="12 Elm Street")
    guest.send("/tell/3", reach="words")
    guest.send("/tell/4", audience="assigned")
    guest.send("/tell/5")
    cleo = house.member("cleo@ash.example")

    cleo.open("/desk/triage")

    assert "A place was named." in cleo.text
    assert "not said" not in cleo.text
    assert "Elm" not in cleo.text


@pytest.mark.parametrize("missing", ["kind", "topic", "priority", "reason"])
def test_triage_asks_for_what_is_missing(house, missing):
    house.told()
    cleo = house.member("cleo@ash.example")
    cleo.open("/desk/triage")

    cleo.send("/desk/triage", status=422, **{**TRIAGED, missing: ""})

    assert f'href="#{missing}"' in cleo.html
    assert f'id="{missing}"' in cleo.html


def test_a_legal_deadline_is_shown_to_the_member_and_the_desk(house):
    guest, reference = house.told()
    cleo = house.member("cleo@ash.example")
    cleo.open("/desk/triage")
    letter = {"deadline_on": "2026-05-04", "deadline_source": "letter"}
    cleo.send("/desk/triage", status=422, **TRIAGED, deadline_on="2026-02-30")
    assert "Name a day" in cleo.text
    cleo.send("/desk/triage", status=422, **TRIAGED, deadline_source="letter")
    assert 'href="#deadline_on"' in cleo.html

    cleo.send("/desk/triage", **TRIAGED, **letter)

    guest.open(f"/cases/{reference}")
    assert "Monday 4 May 2026" in guest.text
    cleo.open("/desk")
    cleo.send("/desk/take")
    cleo.open(f"/desk/cases/{reference}")
    assert "Monday 4 May 2026" in cleo.text
    assert "In a letter" in cleo.text


def test_after_one_the_next_is_shown(house):
    house.told()
    house.village.pass_time(minutes=1)
    house.told(text="The lift is broken.")
    cleo = house.member("cleo@ash.example")
    cleo.open("/desk/triage")
    assert "2 are waiting" in cleo.text

    cleo.send("/desk/triage", **TRIAGED)
    assert "The lift is broken." in cleo.text
    cleo.send("/desk/triage", **TRIAGED)

    assert "Nothing is waiting to be read." in cleo.text


def test_immediate_danger_goes_to_the_front(house):
    _guest, _reference = house.told()
    cleo = house.member("cleo@ash.example")
    cleo.open("/desk/triage")

    cleo.send("/desk/triage", **{**TRIAGED, "danger": "yes", "reason": "A fire."})
    cleo.open("/desk")
    cleo.send("/desk/take")

    assert "How soon Now A fire." in cleo.text


def test_the_member_reads_the_reason_of_the_priority(house):
    guest, reference = house.told()
    cleo = house.member("cleo@ash.example")
    cleo.open("/desk/triage")
    cleo.send(
        "/desk/triage", **{**TRIAGED, "priority": "high", "reason": "A small child."}
    )

    guest.open(f"/cases/{reference}")

    assert "A small child." in guest.text


def test_the_title_of_a_waiting_case_is_for_those_who_may_read_it(house):
    house.told()
    cleo, ben = (house.member(f"{name}@ash.example") for name in ("cleo", "ben"))
    cleo.open("/desk/triage")
    cleo.send("/desk/triage", **TRIAGED)

    ben.open("/desk")

    assert "In the queue" in ben.text
    assert STORY.rstrip(".") not in ben.text
    assert "Housing" in ben.text


def test_taking_the_next_one_gives_the_member_a_name(house):
    guest, cleo, reference = house.taken()
    assert cleo.path == f"/desk/cases/{reference}?done=taken"

    guest.open(f"/cases/{reference}")

    assert "Cleo Marsh is your advocate." in guest.text


def test_yellow_is_shown_to_whose_turn_it_is_and_to_nobody_else(house):
    guest, cleo, reference = house.taken()
    cleo.send(f"/desk/cases/{reference}/ask", ask="Which room?")

    guest.open(f"/cases/{reference}")
    cleo.open("/desk")

    assert 'class="chip turn"' in guest.html
    assert 'class="chip turn"' not in cleo.html
    assert "Waiting for the member" in cleo.text


def test_a_coordinator_offers_a_case_and_the_advocate_says_yes(house):
    _, reference = house.told()
    cleo, ben = (house.member(f"{name}@ash.example") for name in ("cleo", "ben"))
    cleo.open("/desk/triage")
    cleo.send("/desk/triage", **TRIAGED)
    desk = f"/desk/cases/{reference}"
    cleo.open(desk)
    cleo.send(f"{desk}/assign", status=422)
    assert "Choose an advocate" in cleo.text
    ben_id = re.search(r'<option value="([^"]+)">Ben Ito', cleo.html)[1]

    cleo.send(f"{desk}/assign", advocate=ben_id)
    ben.open(desk)
    assert "This case is offered to you" in ben.text
    ben.send(f"{desk}/accept")

    assert "It is yours now." in ben.text


def test_whoever_cannot_take_an_offer_gives_it_back_with_a_reason(house):
    _, reference = house.told()
    cleo, ben = (house.member(f"{name}@ash.example") for name in ("cleo", "ben"))
    cleo.open("/desk/triage")
    cleo.send("/desk/triage", **TRIAGED)
    desk = f"/desk/cases/{reference}"
    cleo.open(desk)
    ben_id = re.search(r'<option value="([^"]+)">Ben Ito', cleo.html)[1]
    cleo.send(f"{desk}/assign", advocate=ben_id)
    ben.open(desk)
    ben.send(f"{desk}/decline", status=422, why="")
    assert "Give a reason" in ben.text

    ben.send(f"{desk}/decline", why="I know the people in it.")

    assert "It is back in the queue." in ben.text


@pytest.mark.parametrize("act", ["reply", "ask", "resolve"])
def test_nothing_empty_is_sent_to_a_member(house, act):
    _, cleo, reference = house.taken()

    cleo.send(f"/desk/cases/{reference}/{act}", status=422, **{act: "  "})

    assert f'href="#{act}"' in cleo.html
    assert cleo.title.startswith("Error:")


def test_what_was_typed_stands_there_again(house):
    _, cleo, reference = house.taken()
    address = f"/desk/cases/{reference}/resolve"

    cleo.send(address, status=422, resolve="Done & dusted", obtained="x" * 400)

    form = next(form for form in cleo.forms if form.action == address)
    assert form.values["resolve"] == "Done & dusted"


# What changed while somebody typed.


def there(reader, action, **typed):
    """Return what the form with this address sends once it is filled in."""
    values = next(form.values for form in reader.forms if form.action == action)
    return {**values, **typed}


@pytest.mark.parametrize(
    ("act", "status", "typed"),
    [
        ("reply", 409, {"reply": "On <it>."}),
        ("ask", 409, {"ask": "On <it>."}),
        ("resolve", 403, {"resolve": "On <it>.", "obtained": "A heater"}),
    ],
)
def test_words_for_a_case_that_was_taken_back_stand_there_to_copy(
    house, act, status, typed
):
    guest, cleo, reference = house.taken()
    address = f"/desk/cases/{reference}/{act}"
    late = there(cleo, address, **typed)
    guest.open(f"/cases/{reference}/withdraw")
    guest.send(f"/cases/{reference}/withdraw")

    cleo.post(address, status=status, **late)

    assert cleo.title.startswith("Error:")
    assert 'href="#kept"' in cleo.html
    assert "On &lt;it&gt;." in cleo.html
    assert ("A heater" in cleo.html) == (act == "resolve")


def test_a_reply_that_was_changed_and_sent_again_can_be_sent_after_all(house):
    _, cleo, reference = house.taken()
    address = f"/desk/cases/{reference}/reply"
    first = there(cleo, address, reply="First.")
    cleo.post(address, **first)

    cleo.post(address, status=422, **{**first, "reply": "Second."})
    assert 'href="#reply"' in cleo.html
    cleo.send(address)

    assert "Second." in cleo.text


def test_why_somebody_cannot_take_what_they_took_is_not_lost(house):
    ben, reference = offered(house)
    desk = f"/desk/cases/{reference}"
    late = there(ben, f"{desk}/decline", why="I know them.")
    ben.send(f"{desk}/accept")

    ben.post(f"{desk}/decline", status=409, **late)

    assert "I know them.</textarea>" in ben.html


def test_a_reply_of_a_session_that_ended_stands_there_to_copy(house):
    _, cleo, reference = house.taken()
    address = f"/desk/cases/{reference}/reply"
    late = there(cleo, address, reply="A long answer.")
    cleo.open("/me/security")
    cleo.send("/sign-out")

    cleo.post(address, status=401, **late)

    assert "A long answer.</textarea>" in cleo.html
    assert late["form_token"] not in cleo.html


def test_a_reply_of_a_page_from_another_session_stands_there_to_copy(house):
    _, cleo, reference = house.taken()
    address = f"/desk/cases/{reference}/reply"
    late = there(cleo, address, reply="A long answer.")

    cleo.post(address, status=403, **{**late, "csrf": "of-another-session"})

    assert "A long answer.</textarea>" in cleo.html
    assert "of-another-session" not in cleo.html


def test_an_offer_that_was_accepted_twice_is_accepted(house):
    ben, reference = offered(house)
    address = f"/desk/cases/{reference}/accept"
    sent = there(ben, address)

    ben.post(address, **sent)
    ben.post(address, **sent)

    assert "It is yours now." in ben.text


def test_a_case_that_was_taken_twice_is_taken(house):
    _, reference = house.told()
    cleo = house.member("cleo@ash.example")
    cleo.open("/desk/triage")
    cleo.send("/desk/triage", **TRIAGED)
    cleo.open(f"/desk/cases/{reference}")
    address = f"/desk/cases/{reference}/take"
    sent = there(cleo, address)

    cleo.post(address, **sent)
    cleo.post(address, **sent)

    assert "It is yours now." in cleo.text


def test_a_case_somebody_else_took_is_theirs(house):
    ben, reference = offered(house)
    ben.send(f"/desk/cases/{reference}/accept")
    cleo = house.member("cleo@ash.example")
    cleo.open(f"/desk/cases/{reference}")
    sent = next(form.values for form in cleo.forms if "csrf" in form.values)

    cleo.post(f"/desk/cases/{reference}/take", status=409, **sent)


def test_take_the_next_one_pressed_twice_takes_one(house):
    for _ in range(2):
        house.told()
        house.village.pass_time(minutes=1)
    cleo = house.member("cleo@ash.example")
    cleo.open("/desk/triage")
    for _ in range(2):
        cleo.send("/desk/triage", **TRIAGED)
    cleo.open("/desk")
    sent = there(cleo, "/desk/take")

    cleo.post("/desk/take", **sent)
    first = cleo.path
    cleo.post("/desk/take", **sent)
    assert cleo.path == first
    cleo.open("/desk")
    cleo.send("/desk/take")

    assert cleo.path != first


def test_a_number_that_is_none_takes_nothing(house):
    cleo = house.member("cleo@ash.example")
    cleo.open("/desk")

    cleo.send("/desk/take", status=422, id="x")


@pytest.mark.parametrize("choices", [TRIAGED, {**TRIAGED, "reason": ""}])
def test_what_was_chosen_for_one_case_is_no_choice_for_the_next(house, choices):
    house.told()
    house.village.pass_time(minutes=1)
    house.told(text="The lift is broken.")
    cleo, olga = (house.member("cleo@ash.example") for _ in range(2))
    cleo.open("/desk/triage")
    late = there(cleo, "/desk/triage", **choices, area="castle")
    olga.open("/desk/triage")
    olga.send("/desk/triage", **TRIAGED)

    cleo.post("/desk/triage", status=409 if choices["reason"] else 422, **late)

    assert "That case waits here no longer." in cleo.text
    assert "The lift is broken." in cleo.text
    shown = there(cleo, "/desk/triage")
    assert (shown["area"], shown["reason"]) == ("none", "")
    assert "priority" not in shown


def test_what_was_chosen_for_a_place_that_is_none_is_shown_again(house):
    house.told()
    cleo = house.member("cleo@ash.example")
    cleo.open("/desk/triage")

    cleo.send("/desk/triage", status=422, **TRIAGED, area="a\0b")

    assert 'href="#area"' in cleo.html
    assert there(cleo, "/desk/triage")["reason"] == TRIAGED["reason"]


@pytest.mark.parametrize("page", [10**30, 2**63, -1, 0, "x", "", 2])
def test_a_page_of_the_desk_that_is_none_is_one_that_is(house, page):
    house.told()
    cleo = house.member("cleo@ash.example")

    cleo.open(f"/desk?page={page}")

    assert "Open cases" in cleo.text


def offered(house):
    """Return the advocate a case is offered to, on its page, and the reference."""
    _, reference = house.told()
    cleo, ben = (house.member(f"{name}@ash.example") for name in ("cleo", "ben"))
    cleo.open("/desk/triage")
    cleo.send("/desk/triage", **TRIAGED)
    cleo.open(f"/desk/cases/{reference}")
    ben_id = re.search(r'<option value="([^"]+)">Ben Ito', cleo.html)[1]
    cleo.send(f"/desk/cases/{reference}/assign", advocate=ben_id)
    ben.open(f"/desk/cases/{reference}")
    return ben, reference


def test_nobody_works_on_their_own_case(house):
    cleo = house.member("cleo@ash.example")
    tell(cleo)
    reference = re.search(r"[A-Z]{2}-[0-9A-Z]{7}", cleo.text)[0]

    cleo.open("/desk/triage")
    assert "Nothing is waiting to be read." in cleo.text
    cleo.open(f"/desk/cases/{reference}")

    assert cleo.path == f"/cases/{reference}"
