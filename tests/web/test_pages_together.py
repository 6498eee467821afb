"""Going on together through the real pages, by a guest, and by the desk."""

import re

import pytest

from tests.support import members
from tests.web.conftest import tell

ABOUT = "Damp in Mill Street. We write to the owner together."
DAMP = "It is damp in the kitchen, and nobody comes."


@pytest.fixture
def common(house):
    """A case that others can join: its member agreed, the desk said what it is."""
    members.join(house.node, "iris@ash.example", "coordinator")
    guest, cleo, reference = house.taken()
    guest.open(f"/cases/{reference}/consents")
    form = next(
        one
        for one in guest.forms
        if one.action.endswith("/give") and "join_collective:" in guest.html
    )
    guest.post(form.action, **{**form.values, "what": "join_collective:"})
    page = f"/desk/cases/{reference}/together"
    cleo.open(page)
    cleo.send(f"{page}/open", about=ABOUT)
    assert "Others can join it now." in cleo.text
    return guest, cleo, reference


def teller(house):
    reader = house.reader()
    tell(reader, DAMP)
    return reader, re.search(r"[A-Z]{2}-[0-9A-Z]{7}", reader.text)[0]


def join(house, common, **agrees):
    guest, ref = teller(house)
    guest.open(f"/cases/{ref}/together")
    guest.send(f"/cases/{ref}/together/join", matter=common[2], **agrees)
    return guest, ref


def test_a_guest_reads_what_others_reported_and_joins_with_what_they_agree_to(
    house, common
):
    guest, ref = teller(house)
    guest.open(f"/cases/{ref}")
    assert "Did others report the same?" in guest.text
    guest.open(f"/cases/{ref}/together")
    assert ABOUT in guest.text
    assert "repaired the heating" not in guest.text

    guest.send(f"/cases/{ref}/together/join", matter=common[2], counted="yes")

    assert "Your case goes on with the others now." in guest.text
    assert "You are counted among those who joined." in guest.text
    assert "The others who joined read your name." not in guest.text
    assert "1 who joined is counted." in guest.text
    guest.open(f"/cases/{ref}")
    assert "goes on together with others" in guest.text
    assert "With whom your case goes on" in guest.text


def test_nothing_is_ticked_before_the_member_ticks_it(house, common):
    assert common
    guest, ref = teller(house)

    guest.open(f"/cases/{ref}/together")

    assert " checked" not in guest.html


@pytest.mark.parametrize(
    ("matter", "status", "said"),
    [
        ("", 422, "Choose one of these"),
        ("AS-0000000", 404, "cannot be joined any more"),
    ],
)
def test_what_cannot_be_joined_is_said_beside_the_choice(
    house, common, matter, status, said
):
    assert common
    guest, ref = teller(house)
    guest.open(f"/cases/{ref}/together")

    guest.send(
        f"/cases/{ref}/together/join", status=status, matter=matter, counted="yes"
    )

    assert said in guest.text
    assert re.search(r'id="counted"[^>]* checked', guest.html)


def test_where_there_is_nothing_to_join_the_page_says_so(house):
    guest, ref = teller(house)

    guest.open(f"/cases/{ref}/together")

    assert "There is nothing to join just now." in guest.text


@pytest.mark.parametrize(
    ("how", "said"), [("alone", "Your case is open again."), ("drop", "You left.")]
)
def test_who_joined_leaves_with_one_press(house, common, how, said):
    guest, ref = join(house, common, counted="yes")

    guest.send(f"/cases/{ref}/together/leave", how=how)

    assert said in guest.text
    common[1].open(f"/desk/cases/{common[2]}/together")
    assert "Nobody who joined is counted yet." in common[1].text


def test_how_it_goes_on_is_asked_before_somebody_leaves(house, common):
    guest, ref = join(house, common)

    guest.send(f"/cases/{ref}/together/leave", status=422)

    assert "Say how it goes on with your case" in guest.text


def test_pressing_twice_joins_once_and_says_where_it_stands(house, common):
    guest, ref = teller(house)
    guest.open(f"/cases/{ref}/together")
    form = next(one for one in guest.forms if one.action.endswith("/join"))
    fields = {**form.values, "matter": common[2]}
    guest.post(form.action, **fields)

    guest.post(form.action, status=409, **fields)

    assert "Your case goes on with this since" in guest.text


def test_one_update_of_the_desk_is_read_in_every_case_that_joined(house, common):
    guest, ref = join(house, common)
    page = f"/desk/cases/{common[2]}/together"
    common[1].open(page)

    common[1].send(f"{page}/update", update="They come on Monday.")

    assert "Everybody who joined reads it in their own case." in common[1].text
    for reader, where in ((guest, ref), (common[0], common[2])):
        reader.open(f"/cases/{where}")
        assert "They come on Monday." in reader.text


def test_the_desk_joins_a_case_only_once_its_member_said_yes_to_the_words(
    house, common
):
    guest, ref = teller(house)
    iris = house.member("iris@ash.example")
    page = f"/desk/cases/{ref}/together"
    iris.open(page)
    iris.send(
        f"{page}/join", status=403, matter=common[2], told="As we said on the phone."
    )
    assert "Only with the member" in iris.text
    assert "As we said on the phone." in iris.html

    iris.send(f"{page}/join", matter=common[2], heard="yes", counted="yes")

    assert "The case goes on with the others." in iris.text
    guest.open(f"/cases/{ref}")
    assert "As we said on the phone." in guest.text
    guest.open(f"/cases/{ref}/consents")
    assert "Read out to you, and heard by one of us." in guest.text


@pytest.mark.parametrize("about", ["", "x" * 1001])
def test_what_others_read_is_said_and_short(common, about):
    _, cleo, reference = common
    page = f"/desk/cases/{reference}/together"
    cleo.open(page)

    cleo.send(f"{page}/open", status=422, about=about)

    assert 'href="#about"' in cleo.html


def test_without_its_members_consent_the_desk_opens_nothing(house):
    guest, cleo, reference = house.taken()
    assert guest
    page = f"/desk/cases/{reference}/together"
    cleo.open(page)

    assert "its member has not agreed to that" in cleo.text
    assert f"{page}/open" not in cleo.html


def test_each_side_has_its_own_page(common):
    guest, cleo, reference = common

    guest.open(f"/desk/cases/{reference}/together")
    assert guest.title.startswith("Sign in")
    cleo.open(f"/cases/{reference}/together", status=404)
    guest.open(f"/cases/{reference}/together")
    assert "Others can join your case." in guest.text


def done(common):
    _, cleo, reference = common
    desk, said = f"/desk/cases/{reference}", "The owner repaired the roof."
    cleo.open(desk)
    cleo.send(f"{desk}/resolve", resolve=said)


def test_each_who_joined_is_asked_and_says_alone_if_it_is_solved(house, common):
    guest, ref = join(house, common, counted="yes")
    done(common)
    guest.open(f"/cases/{ref}")
    assert "For your own claim only you decide if that is true." in guest.text
    assert "The owner repaired the roof." in guest.text
    guest.open(f"/cases/{ref}/together")
    assert "0 of 2 have answered." in guest.text

    guest.send(f"/cases/{ref}/together/answer", answer="solved")

    assert "Thank you for telling us." in guest.text
    assert "You said: it is solved." in guest.text
    assert "1 of 2 have answered." in guest.text
    for reader, page in zip(
        common[:2],
        (f"/cases/{common[2]}/together", f"/desk/cases/{common[2]}/together"),
        strict=True,
    ):
        reader.open(page)
        assert "1 of 2 have answered." in reader.text
    guest.open(f"/cases/{ref}")
    assert "You said: it is solved." in guest.text
    assert "For your own claim only you decide" not in guest.text


def test_not_solved_opens_ones_own_case_with_what_is_still_wrong(house, common):
    guest, ref = join(house, common)
    done(common)
    guest.open(f"/cases/{ref}/together")

    guest.send(
        f"/cases/{ref}/together/answer", answer="not_solved", reason="It drips again."
    )

    assert "Your case is open again." in guest.text
    assert "It drips again." in guest.text


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"reason": "It drips."}, 422, "Say whether it is solved"),
        ({"answer": "solved", "reason": "Thank you."}, 409, "Thank you."),
    ],
)
def test_an_answer_that_cannot_be_kept_loses_no_word(
    house, common, fields, status, said
):
    guest, ref = join(house, common)
    done(common)
    guest.open(f"/cases/{ref}/together")

    guest.send(f"/cases/{ref}/together/answer", status=status, **fields)

    assert said in guest.html
    guest.open(f"/cases/{ref}/together")
    assert "You said" not in guest.text


def test_before_it_is_said_to_be_done_nobody_is_asked(house, common):
    guest, ref = join(house, common)

    guest.open(f"/cases/{ref}/together")

    assert f"/cases/{ref}/together/answer" not in guest.html


def test_whoever_works_on_it_sees_and_ticks_what_so_many_joins_make_due(house, common):
    for _ in range(10):
        join(house, common)
    house.village.work(house.node)
    _, cleo, reference = common
    page = f"/desk/cases/{reference}/together"
    cleo.open(page)
    assert "Five joined: look whether it is in the right hands." in cleo.text
    assert "Ten joined: tell whoever is asked" in cleo.text

    cleo.send(f"{page}/due", mark="respondent")

    assert "It is written down." in cleo.text
    assert 'value="respondent"' not in cleo.html


def test_who_takes_back_what_others_joined_reads_that_it_goes_on_for_them(
    house, common
):
    join(house, common)
    guest, _, reference = common
    guest.open(f"/cases/{reference}/withdraw")
    assert "ends with the last of them" in guest.text

    guest.send(f"/cases/{reference}/withdraw")

    assert "You left it to those who joined." in guest.text
    guest.open(f"/cases/{reference}/together")
    assert "You left it to those who joined." in guest.text
