"""Giving a case back, and what whoever takes over finds."""

import pytest
from sqlalchemy import select

from governance.cases import Act, State
from governance.errors import (
    NotFound,
    ReasonMissing,
    Refusal,
    WordsMissing,
)
from node import cases
from node.cases import Leaving
from node.erasing import Level, Wish
from node.models.assignments import Assignment
from tests.support.erased import erase

NOTE = "The office promised an answer by Monday. Be gentle: she is afraid of calls."


@pytest.fixture
def made(moot):
    made = moot.tell(contact="ada@mailbox.example")
    moot.bring(made, State.WORKING)
    return made


def release(moot, made, by="cleo", reason="I am away.", note=NOTE):
    leaving = Leaving(reason, note)
    cases.release(moot.node, made.reference, leaving, by=moot[by])


def view(moot, made, by=None):
    return cases.view(moot.node, made.reference, by=by or moot.guest(made))


@pytest.mark.parametrize("who", ["cleo", "iris"])
def test_a_case_goes_back_to_the_queue_and_the_member_reads_why(moot, made, who):
    release(moot, made, by=who)

    shown = view(moot, made)
    assert (shown.state, shown.responsible) == (State.QUEUED, None)
    assert shown.timeline[-1].reason == "I am away."
    assert shown.queue_place == 1


@pytest.mark.capability("2.11")
def test_who_takes_over_finds_the_note_and_the_member_does_not(moot, made):
    release(moot, made)
    moot.act(made, Act.ASSIGN, moot["eve"])

    found = cases.behind(moot.node, made.reference, by=moot["eve"])
    assert found.notes == (NOTE,)
    assert cases.behind(moot.node, made.reference, by=moot.guest(made)).notes == ()
    assert NOTE not in repr(view(moot, made))


def test_who_gave_it_back_sees_it_no_more(moot, made):
    release(moot, made)

    with pytest.raises(NotFound):
        view(moot, made, by=moot["cleo"])


@pytest.mark.parametrize(
    ("reason", "note", "refusal"),
    [("", NOTE, ReasonMissing), ("Away.", " ", WordsMissing)],
)
def test_nobody_leaves_without_a_word(moot, made, reason, note, refusal):
    before = moot.size()

    with pytest.raises(refusal):
        release(moot, made, reason=reason, note=note)

    assert (view(moot, made).state, moot.size()) == (State.WORKING, before)


@pytest.mark.parametrize("who", ["eve", "ada", "finn"])
def test_nobody_else_gives_a_case_away(moot, made, who):
    with pytest.raises(Refusal):
        release(moot, made, by=who)

    assert view(moot, made).responsible.name == "Cleo"


def test_the_note_goes_with_the_case(moot, made):
    release(moot, made)
    note = select(Assignment.note).where(Assignment.case_id == made.case_id)
    with moot.node.read() as tx:
        assert tx.scalars(note).one() is not None

    erase(moot, made, Wish(level=Level.CHAIN))

    with moot.node.read() as tx:
        assert tx.scalars(note).one() is None
