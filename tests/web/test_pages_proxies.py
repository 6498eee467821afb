"""Acting for somebody through the pages: beside them, for them, and their answer."""

import re

import pytest

MAIL = "maria@mailbox.example"
STORY = "The stairs are dark since Monday."


@pytest.fixture
def ben(house):
    return house.member("ben@ash.example")


def begin(reader):
    reader.open("/tell/for")
    reader.send("/tell/for/begin", agreed="yes")


def test_beside_somebody_one_types_and_they_get_the_receipt(ben):
    begin(ben)
    assert "You are acting for somebody beside you." in ben.text

    ben.send("/tell/for", text=STORY, name="Maria")

    assert "This is your receipt." in ben.text
    reference = re.search(r"[A-Z]{2}-[0-9A-Z]{7}", ben.text)[0]
    ben.open("/tell/for")
    assert f"Told so far: {reference}" in ben.text
    ben.open(f"/cases/{reference}", status=404)


def test_without_their_word_nothing_begins(ben):
    ben.open("/tell/for")

    ben.send("/tell/for/begin", status=422)

    assert "Only they can agree to it." in ben.text
    assert "You are acting" not in ben.text


def test_it_ends_by_a_press_and_by_itself(house, ben):
    begin(ben)
    ben.send("/tell/for/end")
    assert "Nothing more can be told for them from here." in ben.text

    begin(ben)
    house.village.pass_time(minutes=31)
    ben.send("/tell/for", 409, text=STORY)

    assert STORY in ben.html
    assert "You are acting" not in ben.text


def test_who_is_not_here_is_told_and_takes_it_back(house, ben):
    ben.open("/tell/for")
    ben.send("/tell/for", text=STORY, contact=MAIL)
    assert "They are told by mail now." in ben.text

    maria = house.reader()
    maria.open(re.search(r"/c/\S+", house.mail(MAIL))[0])
    assert "told this for you" in maria.text
    assert STORY in maria.text
    (action,) = {it.action for it in maria.forms if it.action.endswith("/proxy")}
    maria.send(action, answer="object")

    assert "It is taken back." in maria.text
    assert "/proxy" not in maria.html


def test_who_finds_it_right_says_so_and_is_asked_no_more(house, ben):
    ben.open("/tell/for")
    ben.send("/tell/for", text=STORY, contact=MAIL)
    maria = house.reader()
    maria.open(re.search(r"/c/\S+", house.mail(MAIL))[0])
    (action,) = {it.action for it in maria.forms if it.action.endswith("/proxy")}

    maria.send(action, answer="confirm")

    assert "It is your word now." in maria.text
    assert "/proxy" not in maria.html


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"text": ""}, "Write what happened, in their words"),
        ({"contact": ""}, "Give their email"),
        ({"contact": "maria@"}, "Type an email"),
        ({"contact": "+44 20 7946 0412"}, "Give their email"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(ben, typed, said):
    ben.open("/tell/for")

    ben.send("/tell/for", 422, **{"text": STORY, "contact": MAIL, **typed})

    assert said in ben.text
    assert "text" in typed or STORY in ben.html


def test_who_is_not_signed_in_is_asked_to_sign_in(house):
    guest = house.reader()

    guest.open("/tell/for")

    assert guest.path.startswith("/sign-in")
