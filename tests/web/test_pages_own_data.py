"""What we hold about a member, on their page, as a file and for their programs."""

import json

import pytest

from tests.support import members
from tests.support.clients import Program, token_of
from tests.web.conftest import STORY, tell


@pytest.fixture
def ada(house):
    members.join(house.node, "ada@ash.example")
    reader = house.member("ada@ash.example")
    tell(reader)
    return reader


def test_the_page_leads_from_my_cases_and_says_what_is_held_and_what_for(ada):
    ada.open("/me")
    ada.open(next(link for link in ada.links if link == "/me/data"))

    assert "ada@ash.example" in ada.text
    assert "Working on your case" in ada.text
    assert "Read by nobody" in ada.text
    assert "/me/data/download" in ada.links
    for place in ("sharing", "keep", "consents"):
        link = next(it for it in ada.links if it.endswith(f"/{place}"))
        ada.open(link)
        ada.open("/me/data")


def test_who_told_nothing_reads_that_nothing_is_held(house):
    members.join(house.node, "ada@ash.example")
    reader = house.member("ada@ash.example")
    reader.open("/me/data")

    assert "You have told us nothing yet." in reader.text
    assert "You agreed to nothing." in reader.text


def test_everything_comes_as_one_file(ada):
    ada.open("/me/data/download")

    assert ada.page.headers["Content-Disposition"].startswith("attachment")
    found = json.loads(ada.html)
    assert found["fm:cases"][0]["case"]["story"] == STORY


def test_strangers_are_led_to_sign_in(house):
    reader = house.reader()
    reader.open("/me/data")

    assert reader.title.startswith("Sign in")


def test_a_program_of_the_member_gets_the_same(house):
    id_ = members.join(house.node, "ada@ash.example")
    mine = Program(house.app, house.node, token_of(house.node, id_))

    found = mine.ask("GET", "/api/v1/me/data").json["document"]

    assert found["fm:person"]["contacts"][0]["value"] == "ada@ash.example"
    assert Program(house.app, house.node).ask("GET", "/api/v1/me/data").status_code in {
        401,
        403,
    }
