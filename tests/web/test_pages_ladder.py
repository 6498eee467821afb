import re

import pytest

LATE = "Take it further up now"
CHOOSE = "How shall it go on?"


def guard(reader):
    """Return what proves that a form came from a page of this node."""
    return next(one.values for one in reader.forms if "csrf" in one.values)


def pass_days(house, number):
    for _ in range(number):
        house.village.pass_time(days=1)
        house.village.work(house.node)


@pytest.fixture
def missed(house):
    """A guest whose first answer did not come in time, and their case."""
    guest, reference = house.told()
    pass_days(house, 2)
    house.village.pass_time(hours=1)
    return guest, reference


def test_a_page_shows_nothing_to_take_further_while_promises_are_kept(house):
    guest, reference = house.told()
    guest.open(f"/cases/{reference}")

    assert LATE not in guest.text
    assert CHOOSE not in guest.text
    guest.post(f"/cases/{reference}/escalate", 409, **guard(guest))
    assert "No promise in this case waits" in guest.text


def test_a_member_sees_the_miss_and_takes_it_further_up(missed):
    guest, reference = missed
    case = f"/cases/{reference}"
    guest.open(case)
    assert "We are late by" in guest.text
    assert "missed: was due" in guest.text

    # Nobody read it either, so coordinators and stewards knew already.
    assert "coordinators and stewards know" in guest.text
    guest.send(f"{case}/escalate")

    assert "It is one step further up now." in guest.text
    assert CHOOSE in guest.text
    assert LATE not in guest.text


def test_a_member_chooses_what_happens_and_can_choose_again(missed):
    guest, reference = missed
    case = f"/cases/{reference}"
    guest.open(case)
    guest.send(f"{case}/escalate")

    guest.send(f"{case}/choose", 422)
    assert "Choose one of the three" in guest.text
    guest.send(f"{case}/choose", choice="partner")
    assert "You chose: another community shall look at it." in guest.text
    guest.send(f"{case}/choose", choice="wait")

    assert "You chose: you wait." in guest.text
    assert "chose to wait" in guest.text


def test_the_desk_sees_what_was_missed_and_why(house, missed):
    _, reference = missed
    cleo = house.member("cleo@ash.example")
    cleo.open(f"/desk/cases/{reference}")

    assert "missed: was due" in cleo.text
    assert "Cause: nobody had room for it" in cleo.text
    assert LATE not in cleo.text


def test_what_waits_for_the_member_says_so_on_both_sides(house):
    guest, cleo, reference = house.taken()
    cleo.send(f"/desk/cases/{reference}/ask", ask="Since when?")
    guest.open(f"/cases/{reference}")
    cleo.open(f"/desk/cases/{reference}")

    assert "the next news waits for you" in guest.text
    assert "the next news waits for the member" in cleo.text


def test_somebody_else_is_told_of_no_such_case(house, missed):
    _, reference = missed
    other, own = house.told()

    answers = []
    for path in (reference, "AM-0000000"):
        other.open(f"/cases/{own}")
        other.post(f"/cases/{path}/escalate", 401, **guard(other))
        answers.append(re.sub(r"[0-9a-f]{8} auth", "auth", other.text))

    assert answers[0] == answers[1]
