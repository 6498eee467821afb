"""Who holds which role until when, through the page."""

import pytest

GIVEN = {"who": "ada@ash.example", "role": "advocate", "days": "90"}


@pytest.fixture
def dov(house):
    dov = house.member("dov@ash.example")
    dov.open("/admin/people")
    return dov


def test_every_role_stands_there_with_its_end_and_what_it_is_for(dov):
    assert "Ben Ito Advocate everything" in dov.text
    assert "Cleo Marsh Coordinator everything" in dov.text
    assert "Ada" not in dov.text


@pytest.mark.capability("1.21")
def test_a_steward_gives_a_role_and_ends_it(house, dov):
    dov.send("/admin/people", **GIVEN, topics="debt")

    assert "The role counts from now on." in dov.text
    assert "Ada Advocate Debt" in dov.text
    assert "given by Dov" in dov.text
    house.member("ada@ash.example").open("/desk")
    (mine,) = [it for it in dov.forms if "Ada" in row_of(dov, it.action)]
    dov.send(mine.action)
    assert "The role is over." in dov.text
    assert "Ada · Advocate" in dov.text
    assert "ended early" in dov.text
    house.member("ada@ash.example").open("/desk", status=403)


def row_of(reader, action):
    """Return the row of the table that a form stands in."""
    rows = reader.html.split("<tr>")
    return next((row for row in rows if f'action="{action}"' in row), "")


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ({"who": ""}, 422, "Type whose address it is"),
        ({"who": "zoe@ash.example"}, 422, "Nobody has an account with this address"),
        ({"role": "king"}, 422, "Choose a role"),
        ({"days": "9999"}, 422, "This role cannot last so long"),
        ({"topics": "weather"}, 422, "Choose from the list."),
        ({"who": "dov@ash.example"}, 403, "Nobody gives a role to themselves."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(dov, typed, status, said):
    dov.send("/admin/people", status=status, **{**GIVEN, **typed})

    assert said in dov.text
    form = next(it for it in dov.forms if it.action == "/admin/people")
    assert form.values["who"] == typed.get("who", GIVEN["who"])
    dov.open("/admin/people")
    assert "Ada" not in dov.text


def test_a_team_that_is_none_is_refused_like_any_other_choice(dov):
    form = next(it for it in dov.forms if it.action == "/admin/people")
    typed = {**form.values, **GIVEN, "teams": "homes"}

    dov.post("/admin/people", status=422, **typed)

    assert "Ada" not in dov.text


def test_a_seat_that_is_taken_is_said(dov):
    dov.send("/admin/people", **{**GIVEN, "role": "treasurer"})

    typed = {**GIVEN, "who": "ben@ash.example", "role": "treasurer"}
    dov.send("/admin/people", status=409, **typed)

    assert "As many people hold this role as the community wants at once" in dov.text


def test_a_role_with_open_cases_is_not_ended_before_they_are_handed_over(house, dov):
    house.taken()
    dov.open("/admin/people")
    (action,) = [
        it.action
        for it in dov.forms
        if all(word in row_of(dov, it.action) for word in ("Cleo Marsh", "Advocate"))
    ]

    dov.send(action, status=409)

    assert "Hand these over first" in dov.text
    assert "Cleo Marsh Advocate everything" in dov.text


def test_whoever_shares_out_cases_sees_it_and_gives_back_their_own_alone(house):
    cleo = house.member("cleo@ash.example")
    cleo.open("/desk")
    assert 'href="/admin/people"' in cleo.html

    cleo.open("/admin/people")

    assert "Give a role" not in cleo.text
    ends = [it for it in cleo.forms if it.action.endswith("/end")]
    assert ends
    assert all("Cleo Marsh" in row_of(cleo, it.action) for it in ends)


def test_the_page_is_no_advocates(house):
    house.member("ben@ash.example").open("/admin/people", status=403)
