"""A member's own points, as a page."""

import pytest
from sqlalchemy import select

from ledger.entry import Event
from node import log, people
from node.log import Whose
from node.models.people import ContactPoint

ADA = "ada@ash.example"


@pytest.fixture
def ada(house):
    return house.member(ADA)


def award(house, name, worth, kind="points.awarded"):
    public = {"act": "shift.done", "award": name, "points": worth, "appeal": "a"}
    event = Event(kind=kind, at="2026-03-02T10:00:00.000Z", actor=None, public=public)
    with house.node.begin(sealed=True) as tx:
        digest = people.digest(house.node, people.contact(ADA))
        found = select(ContactPoint.person_id).where(ContactPoint.digest == digest)
        log.event(house.node, tx, event, Whose(person_id=tx.scalar(found)))


def test_a_member_sees_each_award_and_their_sum(house, ada):
    award(house, "w1", 3)
    award(house, "w2", 40)
    award(house, "w1", 0, kind="points.annotated")
    log.sequence(house.node)

    ada.open("/me/points")

    assert "You have 43 points." in ada.text
    assert ada.text.count("shift.done") == 2
    assert ada.text.count("A note was written to it.") == 1
    assert "/me/points/bundle" in ada.links


def test_the_proofs_are_saved_as_one_file(house, ada):
    award(house, "w1", 3)
    ada.open("/me/points/bundle", status=202)
    log.sequence(house.node)

    saved = ada.client.get("/me/points/bundle", base_url="https://ash.example")

    assert saved.content_type == "application/zip"
    assert "points.zip" in saved.headers["Content-Disposition"]
    assert saved.headers["Cache-Control"] == "private, no-store"


def test_who_has_no_points_is_told_so(ada):
    ada.open("/me/points")

    assert "You have 0 points." in ada.text
    assert "You have none yet." in ada.text
    ada.open("/me/points/bundle", status=404)


def test_nobody_sees_points_without_signing_in(house):
    guest = house.reader()

    guest.open("/me/points")

    assert guest.path.startswith("/sign-in")


def test_the_way_to_them_is_on_the_members_page(ada):
    ada.open("/me")

    assert "/me/points" in ada.links
