"""The log of breaches, through the pages."""

import pytest

WHAT = "A list with 40 names was sent to the wrong address."


@pytest.fixture
def dov(house):
    return house.member("dov@ash.example")


def found(dov, **typed):
    dov.open("/admin/breaches")
    dov.send("/admin/breaches", **{"what": WHAT, "hours": "", "people": "40", **typed})


def test_a_breach_is_written_down_decided_and_closed(dov):
    dov.open("/admin/breaches")
    assert "None is known." in dov.text

    found(dov)
    assert "Nothing is decided yet" in dov.text
    assert WHAT in dov.text
    path = dov.path.partition("?")[0]
    dov.send(path, step="notify", words="By their form.")
    assert "The authority was told" in dov.text
    dov.send(path, step="close", words="Nothing is left.")

    assert "What was done" not in dov.text
    dov.open("/admin/breaches")
    assert "Closed" in dov.text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"what": ""}, "Say what happened"),
        ({"hours": "x"}, "Type a number of hours"),
        ({"hours": "٣"}, "Type a number of hours"),
        ({"hours": "9999"}, "Say how many hours ago, up to 30 days"),
        ({"people": "-1"}, "Type a number, or leave it empty"),
    ],
)
def test_what_is_wrong_is_said_and_no_word_is_lost(dov, wrong, said):
    dov.open("/admin/breaches")
    typed = {"what": WHAT, "hours": "", "people": "", **wrong}
    dov.send("/admin/breaches", status=422, **typed)

    assert said in dov.text
    assert typed["what"] in dov.html


def test_what_somebody_did_meanwhile_is_said(dov):
    found(dov, people="", hours="3")
    path = dov.path.partition("?")[0]

    dov.send(path, status=409, step="close", words="Done.")
    assert "Somebody did this already, or it is closed" in dov.text
    dov.send(path, status=422, step="notify", words="")

    assert "Say what was done, and how" in dov.text


def test_it_is_for_stewards(house):
    cleo = house.member("cleo@ash.example")

    cleo.open("/admin/breaches", status=403)
