from uuid import uuid4

import pytest
from sqlalchemy import select

from node import stopping
from node.models.preferences import NoticeHours
from tests.support.cast import moot_on
from tests.support.clients import Program, app_of, token_of
from tests.web.reader import HERE
from tests.web.test_pages_files import form

PAGE = "/me/notices"
ADA = "ada@ash.example"


def test_the_page_begins_with_everything_at_once_and_no_quiet_hours(house):
    ada = house.member(ADA)
    ada.open("/me")
    assert PAGE in ada.links
    ada.open(PAGE)

    values = form(ada, PAGE).values
    assert (values["quiet"], values["quiet_from"], values["zone"]) == (
        "no",
        "20:00",
        "Etc/UTC",
    )


def test_what_was_chosen_stands_there_again(house):
    ada = house.member(ADA)
    ada.open(PAGE)

    ada.send(
        PAGE, reply="weekly", quiet="yes", quiet_from="21:30", zone="Europe/Berlin"
    )

    assert "It holds from now on" in ada.text
    values = form(ada, PAGE).values
    assert (values["reply"], values["quiet"], values["quiet_from"]) == (
        "weekly",
        "yes",
        "21:30",
    )
    ada.send(PAGE, quiet="no", reply="each")
    assert form(ada, PAGE).values["quiet"] == "no"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"zone": "Mars/Base"}, "Name a time zone"),
        ({"zone": ""}, "Name a time zone"),
        ({"quiet": "yes", "quiet_from": "late"}, "Type a time"),
        ({"quiet": "yes", "quiet_from": "08:00", "quiet_to": "07:00"}, "at most 16"),
        ({"reply": "hourly"}, "Choose one"),
    ],
)
def test_what_cannot_hold_is_refused_beside_its_field(house, typed, said):
    ada = house.member(ADA)
    ada.open(PAGE)

    ada.send(PAGE, 422, **typed)

    assert said in ada.text


def test_whoever_is_not_signed_in_is_asked_to(house):
    guest = house.reader()
    guest.open(PAGE)

    assert "Sign in" in guest.text


def test_programs_choose_the_same(tmp_path):
    with moot_on("", tmp_path) as moot:
        token = token_of(moot.node, moot.ids["ada"], role="member")
        program = Program(app_of(moot.node), moot.node, token)
        path = "/api/v1/me/notices"
        given = {"zone": "Asia/Tokyo", "quiet_from": 1260, "quiet_to": 420}
        given["paces"] = {"reply": "daily"}

        def save(body, status=200):
            key = {"Idempotency_Key": str(uuid4())}
            answer = program.ask("POST", path, body, **key)
            assert answer.status_code == status, answer.text
            return answer.json

        assert save(given) == program.ask("GET", path).json == given
        save({**given, "paces": {"reply": "hourly"}}, 422)
        save({**given, "paces": {"gossip": "daily"}}, 422)
        assert save({**given, "paces": {}})["paces"] == {"reply": "daily"}


def test_a_mail_program_ends_the_digests_with_one_press(house):
    ada = house.member(ADA)
    ada.open(PAGE)
    ada.send(PAGE, reply="weekly")
    path = stop_path(house)
    looking = house.reader()
    assert "No more digests?" in looking.open(path)

    # As RFC 8058 has it: no cookie, no page of ours before it, and no redirect after.
    sent = house.app.test_client().post(
        path, base_url=HERE, data={"List-Unsubscribe": "One-Click"}
    )

    assert sent.status_code == 200
    assert "Nothing is gathered for you." in looking.open(path)
    ada.open(PAGE)
    assert form(ada, PAGE).values["reply"] == "never"


def test_an_address_that_ends_nothing_says_so(house):
    for token in ("x", "A" * 64):
        house.reader().open(f"/stop/{token}", 404)


def stop_path(house):
    """Return where the only one who has chosen anything ends their digests."""
    with house.node.read() as tx:
        (who,) = tx.scalars(select(NoticeHours.person_id))
    return stopping.address(house.node, who).removeprefix(HERE)
