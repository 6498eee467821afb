"""What a story brought along goes with it: where it was, whose it is, who reads it."""

import pytest

from governance.consent import Purpose
from node import cases, erasing, log, publications, threads
from node.erasing import Level
from node.models.cases import Case
from node.models.notices import Notice
from node.models.people import ContactPoint, Person
from tests.support.erased import erase, settle, wish
from tests.support.logs import receipts
from tests.support.publicly import stored

WHOLLY = [Level.CONTENT, Level.ENTRY]


@pytest.fixture
def made(moot):
    return moot.tell(place="12 Elm Street", contact="ann@example.org", name="Ann")


def held(moot, made):
    """Return what the member still agrees to, as the pages of the case say it."""
    view = cases.view(moot.node, made.reference, by=moot.guest(made))
    return {one.purpose for one in view.consents if one.withdrawn_at is None}


def sealed(moot, made, by):
    """Return what kinds of entries the chain has, in order."""
    return [one.kind for one in erasing.parts(moot.node, made.reference, by=by)]


@pytest.fixture
def shown(moot):
    """A case that its member made public."""
    moot.village.connect(moot.node)
    made = moot.tell(by=moot["ada"])
    show(moot, made)
    return made


def show(moot, made):
    publications.publish(moot.node, made.reference, "Cold", "Mine.", by=moot["ada"])


@pytest.mark.parametrize("level", WHOLLY)
def test_where_it_was_goes_with_the_story(moot, made, level):
    erase(moot, made, wish(level, 0))

    assert stored(moot.node, Case.place) == [None]
    view = cases.view(moot.node, made.reference, by=moot.guest(made))
    assert view.place == ""


@pytest.mark.parametrize("level", WHOLLY)
def test_whom_we_know_by_this_story_alone_goes_with_it(moot, made, level):
    person = moot.guest(made).person_id
    assert Purpose.CONTACT_CASE in held(moot, made)

    erase(moot, made, wish(level, 0))
    settle(moot)

    assert person not in stored(moot.node, ContactPoint.person_id)
    assert person not in stored(moot.node, Notice.person_id)
    with moot.node.read() as tx:
        assert tx.get_one(Person, person).display_name is None
    assert held(moot, made) == {Purpose.HANDLE_CASE}
    assert sealed(moot, made, moot.guest(made))[-1] == "consent.revoke"


def test_the_case_goes_on_without_its_name_and_address(moot, made):
    erase(moot, made, wish(Level.ENTRY, 0))
    moot.triage(made)
    settle(moot)

    words = threads.Words(made.submission_id, "Still cold.")
    threads.write(moot.node, made.reference, words, by=moot.guest(made))
    settle(moot)

    assert (made.reference, 0) not in receipts(moot.node)
    view = cases.view(moot.node, made.reference, by=moot.guest(made))
    assert view.timeline[-1].text == "Still cold."


def test_only_the_words_leave_the_rest_as_it_is(moot, made):
    erase(moot, made, wish(Level.REDACT, 0))

    view = cases.view(moot.node, made.reference, by=moot.guest(made))
    assert view.place == "12 Elm Street"
    assert Purpose.CONTACT_CASE in held(moot, made)


def test_a_message_takes_nothing_of_the_story_along(moot, made):
    erase(moot, made, wish(Level.CONTENT, 2))

    view = cases.view(moot.node, made.reference, by=moot.guest(made))
    assert view.place == "12 Elm Street"


def test_a_guest_with_another_case_and_a_member_stay_known(moot):
    made = moot.tell(by=moot["ada"], place="12 Elm Street")

    erase(moot, made, wish(Level.ENTRY, 0), by=moot["ada"])

    assert moot.ids["ada"] in stored(moot.node, ContactPoint.person_id)
    assert stored(moot.node, Case.place) == [None]


@pytest.mark.parametrize("level", [Level.REDACT, *WHOLLY])
def test_a_story_that_goes_takes_back_that_everybody_may_read_it(moot, shown, level):
    ada = moot["ada"]
    erase(moot, shown, wish(level, 0), by=ada)
    settle(moot)

    view = cases.view(moot.node, shown.reference, by=ada)
    (one,) = [one for one in view.consents if one.purpose is Purpose.PUBLISH]
    assert one.withdrawn_at is not None
    assert sealed(moot, shown, ada)[-1] == "consent.revoke"
    assert list(log.fsck(moot.node)) == []
    show(moot, shown)


def test_what_ended_before_does_not_end_again(moot, shown):
    ada = moot["ada"]
    for level in (Level.REDACT, Level.ENTRY):
        erase(moot, shown, wish(level, 0), by=ada)

    assert sealed(moot, shown, ada).count("consent.revoke") == 1


def test_a_log_that_must_not_grow_hears_of_no_end(moot, shown):
    ada = moot["ada"]
    log.halt(moot.node, log.origin(moot.node), "ledger.fork: as a witness says")

    erase(moot, shown, wish(Level.CONTENT, 0), by=ada)

    view = cases.view(moot.node, shown.reference, by=ada)
    assert [one for one in view.consents if one.withdrawn_at is not None]
    assert "consent.revoke" not in sealed(moot, shown, ada)
