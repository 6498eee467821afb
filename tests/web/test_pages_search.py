"""Looking for a case on the pages and over the API."""

from node import work
from tests.web.conftest import STORY, tell


def test_a_member_looks_for_their_own_case(house):
    ada = house.member("ada@ash.example")
    tell(ada)
    work.sweep(house.node)
    ada.open("/me")

    ada.open("/search?q=landlord")

    assert "1 case" in ada.text
    assert "My landlord has not repaired the heating" in ada.text


def test_the_desk_looks_for_a_case_and_opens_it(house):
    _, reference = house.told()
    work.sweep(house.node)
    cleo = house.member("cleo@ash.example")
    cleo.open("/desk")
    assert 'action="/search"' in cleo.html

    cleo.open("/search?q=heating&order=best")

    assert reference in cleo.text
    cleo.open(f"/cases/{reference}")
    assert STORY in cleo.text


def test_what_is_not_found_is_said(house):
    house.told()
    cleo = house.member("cleo@ash.example")

    cleo.open("/search?q=elephant")
    assert "Nothing you may read holds all these words." in cleo.text
    cleo.open("/search?q=---")
    assert "There is no word in this." in cleo.text
    cleo.open("/search")
    assert "Nothing" not in cleo.text


def test_somebody_else_finds_nothing(house):
    house.told()
    work.sweep(house.node)
    ben = house.member("ben@ash.example")

    ben.open("/search?q=heating")

    assert "Nothing you may read holds all these words." in ben.text


def test_strangers_do_not_search(house):
    house.reader().open("/search?q=heating", status=200)
    reader = house.reader()
    reader.open("/search?q=heating")

    assert reader.path.startswith("/sign-in")
