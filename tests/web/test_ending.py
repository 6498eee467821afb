"""The pages that end an account: what goes, one question, and nobody is signed in."""

from sqlalchemy import select

from node.models.accounts import Account
from tests.support import members
from tests.web.conftest import tell


def test_a_member_reads_what_goes_says_yes_and_is_nobody_here_any_more(house):
    ada = house.member("ada@ash.example")
    tell(ada)
    house.village.work(house.node)

    assert "End my account" in ada.open("/me/data")
    assert "1 case of yours is erased, open or closed." in ada.open("/me/end")
    assert "Tick that you want it" in ada.send("/me/end", 422)
    ended = ada.send("/me/end", sure="yes")

    assert "Your account has ended" in ended
    assert "Sign in" in ended
    house.village.work(house.node)
    assert "Sign in" in ada.open("/me")
    assert ada.path.startswith("/sign-in")
    stored = (one.read_bytes() for one in house.node.settings.data.rglob("*.sqlite3*"))
    assert b"ada@ash.example" not in b"".join(stored)


def test_somebody_with_a_role_is_led_to_it_and_has_no_button(house):
    cleo = house.member("cleo@ash.example")

    assert "First, what others count on you for" in cleo.open("/me/end")
    assert "/me/end" not in {one.action for one in cleo.forms}


def test_a_role_that_came_while_the_page_stood_open_refuses_it(house):
    ada = house.member("ada@ash.example")
    ada.open("/me/end")
    with house.node.read() as tx:
        everybody = tx.scalars(select(Account.person_id)).all()
    for person in everybody:
        members.give(house.node, person, "advocate")

    ada.send("/me/end", 409, sure="yes")

    assert "You hold a role here." in ada.text
    assert "My data" in ada.open("/me/data")


def test_whoever_signed_in_long_ago_shows_once_more_that_it_is_them(house):
    ada = house.member("ada@ash.example")
    house.village.pass_time(hours=1)
    ada.open("/me/end")

    ada.send("/me/end", 401, sure="yes")

    assert "show once more that it is you" in ada.text
    assert "My data" in ada.open("/me/data")
