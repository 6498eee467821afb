"""One's own absences and hours, through the page and for programs."""

import re
from datetime import timedelta

import pytest

from tests.support.cast import moot_on
from tests.support.clients import Program, app_of, token_of

HOURS = "/me/absences/hours"


@pytest.fixture
def cleo(house):
    cleo = house.member("cleo@ash.example")
    cleo.open("/me/absences")
    return cleo


def days(house, first, last):
    today = house.node.now().date()
    return {
        name: (today + timedelta(days=number)).isoformat()
        for name, number in (("first", first), ("last", last))
    }


def ben_of(reader):
    return re.search(r'<option value="([^"]+)">Ben Ito', reader.html)[1]


def test_an_advocate_is_away_and_the_member_gets_whoever_stands_in(house):
    guest, cleo, reference = house.taken()
    cleo.open("/desk")
    assert 'href="/me/absences"' in cleo.html
    cleo.open("/me/absences")
    assert "You told no absence." in cleo.text

    cleo.send("/me/absences", **days(house, 0, 2), deputy_1=ben_of(cleo))

    assert "Stands in: Ben Ito" in cleo.text
    house.village.work(house.node)
    ben = house.member("ben@ash.example")
    ben.open(f"/desk/cases/{reference}")
    ben.send(f"/desk/cases/{reference}/accept")
    guest.open(f"/cases/{reference}")
    assert "Ben Ito is your advocate." in guest.text
    assert "They stand in for somebody who is away." in guest.text


def test_an_absence_is_taken_back_by_one_press(house, cleo):
    cleo.send("/me/absences", **days(house, 3, 4))
    (end,) = [it.action for it in cleo.forms if it.action.endswith("/end")]

    cleo.send(end)

    assert "You can be asked again." in cleo.text
    assert "You told no absence." in cleo.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"first": "tomorrow"}, "Type the first day, for example 2026-07-01"),
        ({"last": "0001-01-01"}, "Type the last day, for example 2026-07-14"),
        ({"last": "2026-01-01"}, "Choose days to come, within a year"),
        ({"deputy_1": "nobody"}, "Choose who stands in from the list."),
    ],
)
def test_what_is_wrong_with_an_absence_is_said(house, cleo, typed, said):
    cleo.send("/me/absences", status=422, **{**days(house, 0, 1), **typed})

    assert said in cleo.text
    cleo.open("/me/absences")
    assert "You told no absence." in cleo.text


def test_hours_and_what_one_can_take_are_kept(cleo):
    cleo.send(
        HOURS, mon="9:00 - 12:00,13:00-17:00", capacity="4", languages="en", area="mill"
    )

    assert "It counts from the next case on." in cleo.text
    form = next(it for it in cleo.forms if it.action == HOURS)
    assert form.values["mon"] == "09:00-12:00, 13:00-17:00"
    assert (form.values["capacity"], form.values["languages"]) == ("4", "en")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"mon": "all day"}, "Type hours, for example 09:00-12:00, 13:00-17:00"),
        ({"sun": "09:00-10:75"}, "Type hours, for example 09:00-12:00, 13:00-17:00"),
        ({"mon": "12:00-09:00"}, "Hours begin before they end, within one day"),
        ({"tue": "09:00-25:00"}, "Hours begin before they end, within one day"),
        ({"capacity": "many"}, "Type a number, or leave it empty"),
        ({"capacity": "999"}, "Type a smaller number"),
        ({"languages": "English"}, "Type tags of languages"),
        ({"area": "nowhere"}, "Choose a place from the list, or none"),
    ],
)
def test_what_is_wrong_with_hours_is_said_and_nothing_typed_is_lost(cleo, typed, said):
    cleo.send(HOURS, status=422, **typed)

    assert said in cleo.text
    form = next(it for it in cleo.forms if it.action == HOURS)
    ((name, text),) = typed.items()
    assert name == "area" or form.values[name] == text


def test_whoever_holds_no_role_has_no_such_page(house):
    house.member("ada@ash.example").open("/me/absences", status=403)


def test_a_program_says_and_takes_back_an_absence(tmp_path):
    with moot_on("", tmp_path) as moot:
        authority = token_of(moot.node, moot.ids["cleo"], role="advocate")
        cleo = Program(app_of(moot.node), moot.node, authority)
        told = {
            "first": "2026-07-01",
            "last": "2026-07-03",
            "deputies": [str(moot.ids["eve"])],
        }
        path = "/api/v1/absences"

        made = cleo.ask("POST", path, told)
        again = cleo.ask("POST", path, told)
        shown = cleo.ask("GET", path).json["items"]
        gone = cleo.ask("DELETE", f"{path}/{made.json['id']}")

        assert (made.status_code, gone.status_code) == (201, 204)
        assert (again.status_code, again.json["code"]) == (422, "invalid.choice")
        assert [(it["id"], it["deputies"]) for it in shown] == [
            (made.json["id"], ["Eve"])
        ]
        assert cleo.ask("GET", path).json == {"items": []}
