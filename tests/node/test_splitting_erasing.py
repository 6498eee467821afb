"""What a member erases is gone from the cases that were made of it, too."""

import shutil
from dataclasses import replace
from datetime import timedelta

import pytest

from governance.cases import State
from governance.errors import Refusal
from node import actors, cases, erasing, holding, publications, search, starting
from node.erasing import Level
from node.models.cases import Case
from node.models.people import ContactPoint
from node.models.submissions import Piece
from node.models.together import CaseBond
from tests.node.test_splitting import (
    entries,
    guest_of,
    parts,
    piece_of,
    row,
    split,
    tell,
)
from tests.support.cast import moot_on
from tests.support.erased import erase, put_back, settle, stores, wish
from tests.support.publicly import stored

CANARY = "canary-lamp in the street"
STORY = f"The heating is off. And the {CANARY} is broken. Please help."
PART = f"And the {CANARY} is broken."


@pytest.fixture
def made(moot):
    return tell(moot, text=STORY, place="12 canary-lane", name="Ann")


def found(moot, word):
    """Return the stores in which a word can still be read."""
    return [name for name, raw in stores(moot.node).items() if word in raw]


@pytest.mark.parametrize("level", [Level.CONTENT, Level.ENTRY, Level.CHAIN])
def test_what_was_told_is_gone_from_its_parts_with_the_place_and_whose_it_was(
    moot, made, level
):
    new = piece_of(moot, made, PART)
    by, whose = guest_of(moot, made), moot.guest(made).person_id
    settle(moot)
    search.refresh(moot.node)

    erase(moot, made, wish(level, 0))
    settle(moot)

    view = cases.view(moot.node, new.reference, by=by)
    assert (view.story, view.place, view.title) == ("", "", new.reference)
    assert view.state is State.RECEIVED
    assert whose not in stored(moot.node, ContactPoint.person_id)
    assert found(moot, b"canary") == []
    assert search.find(moot.node, "canary", by=moot["iris"]).lines == ()


def test_one_field_of_what_was_told_goes_from_both_and_no_more(moot, made):
    new = piece_of(moot, made, PART)
    by = guest_of(moot, made)

    erase(moot, made, wish(Level.REDACT, 0))

    view = cases.view(moot.node, new.reference, by=by)
    assert (view.story, view.place) == ("", "12 canary-lane")
    assert by.person_id in stored(moot.node, ContactPoint.person_id)


def test_what_is_not_the_story_stays_in_the_parts(moot, made):
    new = piece_of(moot, made, PART)
    by = guest_of(moot, made)
    said = erasing.parts(moot.node, made.reference, by=moot.guest(made))
    (consent,) = (it.seq for it in said if "recipients" in it.fields)

    erase(moot, made, wish(Level.CONTENT, consent))

    assert cases.view(moot.node, new.reference, by=by).story == PART


def test_the_part_of_a_part_is_gone_as_well(moot, made):
    new = piece_of(moot, made, PART)
    (third,) = split(moot, new, CANARY).references
    (line,) = parts(moot, new, guest_of(moot, made)).pieces
    by = cases.link_visitor(moot.node, line.path.removeprefix("/c/"))

    erase(moot, made, wish(Level.CHAIN, 0))

    assert cases.view(moot.node, third, by=by).story == ""


@pytest.mark.parametrize("level", [Level.CONTENT, Level.CHAIN])
def test_what_was_agreed_to_ends_in_the_chain_of_the_part_as_well(moot, level):
    actors.make(moot.node)
    ada = moot["ada"]
    made = moot.tell(by=ada, text=STORY)
    new = piece_of(moot, made, PART)
    publications.publish(moot.node, new.reference, "A lamp", "Broken.", by=ada)
    settle(moot)
    before = [kind for kind, _, _ in entries(moot, new.id)]

    erase(moot, made, wish(level, 0), by=ada)
    settle(moot)

    after = [kind for kind, _, _ in entries(moot, new.id)]
    assert "consent.revoke" not in before
    assert after == [*before, "consent.revoke"]
    shown = publications.shown(moot.node, new.reference, by=ada)
    assert shown.ended_at is not None


def test_a_part_that_goes_takes_nothing_of_the_whole_along(moot, made):
    new = piece_of(moot, made, PART)
    by = guest_of(moot, made)
    words = " ".join(cases.links.words(moot.node, new.id))
    asked = erasing.Wish(level=Level.CHAIN, words=words, source="203.0.113.9")

    erasing.erase(moot.node, new.reference, asked, by=by)

    assert row(moot, new.reference).state is State.ERASED
    view = cases.view(moot.node, made.reference, by=moot.guest(made))
    assert view.story == STORY
    assert stored(moot.node, Piece.id) == []
    assert stored(moot.node, CaseBond.id) == []
    assert by.person_id in stored(moot.node, ContactPoint.person_id)


def test_a_part_that_was_erased_already_is_in_nobodys_way(moot, made):
    new = piece_of(moot, made, PART)
    by = guest_of(moot, made)
    words = " ".join(cases.links.words(moot.node, new.id))
    asked = erasing.Wish(level=Level.CONTENT, seq=0, words=words, source="203.0.113.9")
    erasing.erase(moot.node, new.reference, asked, by=by)

    erase(moot, made, wish(Level.CONTENT, 0))

    assert cases.view(moot.node, made.reference, by=moot.guest(made)).story == ""
    assert stored(moot.node, Case.place) == [None, None]


def test_while_the_law_keeps_a_part_the_whole_is_kept_and_says_so(moot, made):
    new = piece_of(moot, made, PART)
    until = moot.node.now() + timedelta(days=100)
    holding.put_up(moot.node, new.reference, "A court asks.", until, by=moot["dov"])

    with pytest.raises(Refusal) as refused:
        erase(moot, made, wish(Level.CHAIN, 0))

    assert refused.value.code == "case.held"
    assert cases.view(moot.node, made.reference, by=moot.guest(made)).story == STORY


def test_a_database_from_before_is_erased_again_with_its_parts(tmp_path):
    with moot_on("", tmp_path) as moot:
        made = tell(moot, text=STORY)
        new = piece_of(moot, made, PART)
        settle(moot)
        shutil.copytree(moot.node.settings.data, tmp_path / "yesterday")
        erase(moot, made, wish(Level.CHAIN, 0))
        settle(moot)
        moot.node.database.close()
        put_back(moot.node, tmp_path / "yesterday")

        node = moot.village.open(moot.node.settings)
        starting.begin(node)

        again = replace(moot, node=node)
        assert row(again, made.reference).state is State.ERASED
        assert row(again, new.reference).state is State.RECEIVED
        settle(again)
        assert found(again, b"canary") == []
