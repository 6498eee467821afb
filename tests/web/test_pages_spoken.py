"""A call at the desk and on its member's page: written down, read, denied."""

import re

import pytest

CALL = {
    "who": "out",
    "way": "phone",
    "spoken": "They will send somebody on Friday.",
}


@pytest.fixture
def taken(house):
    return house.taken()


def now(house):
    return house.node.now().strftime("%Y-%m-%dT%H:%M") + "+00:00"


def note(house, cleo, reference, status=200, **typed):
    cleo.open(f"/desk/cases/{reference}")
    fields = {**CALL, "spoken_at": now(house), **typed}
    cleo.send(f"/desk/cases/{reference}/spoken", status, **fields)


def test_a_call_is_written_down_and_its_member_reads_it(house, taken):
    guest, cleo, reference = taken

    note(house, cleo, reference, whole="yes")

    assert "It stands in the case." in cleo.text
    guest.open(f"/cases/{reference}")
    assert CALL["spoken"] in guest.text
    assert "said on the telephone" in guest.text
    assert "word for word" in guest.text
    assert "written down by" in guest.text


def test_its_member_says_that_it_never_was(house, taken):
    guest, cleo, reference = taken
    note(house, cleo, reference)
    guest.open(f"/cases/{reference}")
    action = re.search(r'action="(/cases/[^"]+/deny)"', guest.html)[1]

    guest.send(action)

    assert "It keeps no promise any more." in guest.text
    assert "that this never was" in guest.text
    assert "/deny" not in guest.html
    cleo.open(f"/desk/cases/{reference}")
    assert "The member said on" in cleo.text
    assert "/deny" not in cleo.html


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"who": ""}, "Say who spoke"),
        ({"way": "pigeon"}, "Choose a call, a letter or a talk"),
        ({"spoken": ""}, "Write down what was said"),
        ({"spoken_at": ""}, "Say when it was"),
        ({"spoken_at": "yesterday"}, "Choose a day and a time."),
        ({"spoken_at": "2020-01-01T09:00"}, "Say when it was"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(house, taken, typed, said):
    guest, cleo, reference = taken

    note(house, cleo, reference, 422, **typed)

    assert said in cleo.text
    if "spoken" not in typed:
        assert CALL["spoken"] in cleo.html
    guest.open(f"/cases/{reference}")
    assert "said on the telephone" not in guest.text


def test_what_was_typed_stays_when_somebody_else_closed_the_case(house, taken):
    guest, cleo, reference = taken
    cleo.open(f"/desk/cases/{reference}")
    guest.open(f"/cases/{reference}/withdraw")
    guest.send(f"/cases/{reference}/withdraw")

    typed = {**CALL, "spoken_at": now(house)}
    cleo.send(f"/desk/cases/{reference}/spoken", 409, **typed)

    assert CALL["spoken"] in cleo.html


def test_the_page_of_a_person_leads_to_where_a_contact_is_logged(taken):
    _, cleo, reference = taken
    cleo.open(f"/desk/cases/{reference}")
    person = re.search(r"/desk/people/([0-9a-f-]{36})", cleo.html)[1]

    cleo.open(f"/desk/people/{person}")

    assert f"/desk/cases/{reference}#spoken-form" in cleo.html


def test_a_call_that_nobody_answered_is_one_press_and_its_member_reads_it(taken):
    guest, cleo, reference = taken
    desk = f"/desk/cases/{reference}"
    cleo.open(desk)
    assert "Nobody answered?" not in cleo.text
    cleo.send(f"{desk}/ask", ask="Since when?")
    cleo.open(desk)

    form = next(one for one in cleo.forms if one.action == f"{desk}/tried")
    cleo.post(f"{desk}/tried", 200, **{**form.values, "way": "phone"})

    assert "It stands in the case, and its member reads it." in cleo.text
    cleo.post(f"{desk}/tried", 409, **{**form.values, "way": "phone"})
    assert "once a day" in cleo.text
    cleo.post(f"{desk}/tried", 422, **{**form.values, "way": "smoke"})
    guest.open(f"/cases/{reference}")
    assert "called, and nobody answered" in guest.text
