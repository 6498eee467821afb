from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from governance.access import Field
from governance.cases import State
from governance.errors import (
    Conflict,
    NotFound,
    NotYours,
    ReasonMissing,
    SecondPerson,
    WrongState,
)
from governance.releases import CLOCK, Outcome
from governance.threads import NoteKind
from governance.walls import Cause
from node import access, notes, releases, restricting, threads
from node.erasing import Level
from node.models.releases import NoteRelease, NoteRequest
from node.models.walls import Wall
from node.notes import Noted
from node.paging import PAGE
from node.releases import Decision
from node.threads import Words
from tests.support import members
from tests.support.erased import erase, settle, stores, wish

CANARY = "canary: she sounded afraid of the caretaker, as Mr Hill said"
SHOWN = "She sounded afraid."
WHY = "The rest names a neighbour."


@pytest.fixture
def made(moot):
    made = moot.tell(contact="ada@mailbox.example")
    moot.bring(made, State.WORKING)
    return made


def note(moot, made, text=CANARY, by="cleo", **more):
    noted = Noted(uuid4(), text, **more)
    notes.write(moot.node, made.reference, noted, by=moot[by])
    moot.village.pass_time(milliseconds=1)
    return noted.id


def seal(moot, made, by="cleo"):
    why = "Her neighbour works here."
    return note(moot, made, kind=NoteKind.SEALED, reason=why, by=by)


def ask(moot, made):
    found = releases.ask(moot.node, made.reference, by=moot.guest(made))
    moot.village.pass_time(milliseconds=1)
    return found


def asked(moot, made):
    return releases.asked(moot.node, made.reference, by=moot.guest(made))


def decide(moot, id_, text, reason="", by="iris"):
    said = Decision(text, reason)
    return releases.decide(moot.node, id_, said, by=moot[by])


def waiting(moot, by="iris"):
    return [it.id for it in releases.listed(moot.node, by=moot[by])]


def wall(moot, made, who):
    with moot.node.begin() as tx:
        standing = Wall(
            id=uuid4(),
            case_id=made.case_id,
            person_id=moot.ids[who],
            cause=Cause.INTEREST,
            stands=True,
            raised_at=moot.node.now(),
        )
        tx.add(standing)


def told(moot, about):
    moot.village.work(moot.node)
    found = moot.village.mails
    return sorted(
        to.partition("@")[0] for to, mail in found if about in mail["Subject"]
    )


@pytest.mark.capability("4.11")
def test_a_member_reads_a_note_as_it_was_written_once_somebody_looked_at_it(moot, made):
    id_ = note(moot, made)

    assert ask(moot, made)
    assert asked(moot, made).due_at - moot.node.now() <= CLOCK
    assert asked(moot, made).notes == ()
    assert decide(moot, id_, CANARY) is Outcome.SHOWN

    found = asked(moot, made)
    assert (found.due_at, found.late) == (None, False)
    (line,) = found.notes
    assert (line.text, line.who, line.outcome) == (CANARY, "Cleo", Outcome.SHOWN)


def test_what_is_about_others_is_left_out_with_a_reason(moot, made):
    first, second = note(moot, made), note(moot, made, text="Only about Mr Hill.")
    ask(moot, made)

    with pytest.raises(ReasonMissing):
        decide(moot, first, SHOWN)
    assert decide(moot, first, SHOWN, WHY) is Outcome.IN_PART
    assert asked(moot, made).due_at is not None
    assert decide(moot, second, "", WHY) is Outcome.KEPT_BACK

    found = asked(moot, made).notes
    assert [(it.text, it.reason) for it in found] == [(SHOWN, WHY), ("", WHY)]
    assert asked(moot, made).due_at is None


def test_who_coordinates_decides_about_working_notes_and_nobody_else(moot, made):
    id_ = note(moot, made)
    ask(moot, made)

    assert waiting(moot, "iris") == waiting(moot, "olga") == [id_]
    for other in ("cleo", "eve", "ben", "dov", "finn"):
        assert waiting(moot, other) == []
        with pytest.raises(NotFound):
            releases.one(moot.node, id_, by=moot[other])
        with pytest.raises(NotFound):
            decide(moot, id_, CANARY, by=other)
    with pytest.raises(NotFound):
        releases.one(moot.node, id_, by=moot.guest(made))


def test_a_steward_decides_about_a_sealed_note_and_reads_nothing_else(moot, made):
    open_, sealed = note(moot, made), seal(moot, made)
    ask(moot, made)

    assert waiting(moot, "dov") == [sealed]
    assert waiting(moot, "iris") == [open_]
    found = releases.one(moot.node, sealed, by=moot["dov"])
    assert (found.text, found.who) == (CANARY, "Cleo")
    assert decide(moot, sealed, SHOWN, WHY, by="dov") is Outcome.IN_PART
    with pytest.raises(NotFound):
        decide(moot, sealed, SHOWN, WHY, by="iris")


def test_notes_of_others_in_front_of_ones_own_take_no_room(moot, made):
    for _ in range(PAGE):
        note(moot, made)
    sealed = UUID(int=2**128 - 1)  # The last of all that wait as long.
    noted = Noted(sealed, CANARY, kind=NoteKind.SEALED, reason=WHY)
    notes.write(moot.node, made.reference, noted, by=moot["cleo"])
    ask(moot, made)

    assert waiting(moot, "dov") == [sealed]
    assert len(waiting(moot, "iris")) == PAGE


def test_nobody_decides_about_what_they_sealed(moot, made):
    members.give(moot.node, moot.ids["gus"], "steward")
    sealed = seal(moot, made, by="gus")
    ask(moot, made)

    with pytest.raises(SecondPerson):
        decide(moot, sealed, CANARY, by="gus")
    assert decide(moot, sealed, CANARY, by="dov") is Outcome.SHOWN


def test_that_somebody_read_it_stands_where_the_member_sees_it(moot, made):
    sealed = seal(moot, made)
    ask(moot, made)

    releases.one(moot.node, sealed, by=moot["dov"])

    reads = access.sharing(moot.node, made.reference, by=moot.guest(made)).reads
    assert (reads[0].role, reads[0].field) == ("steward", Field.NOTES)


def test_a_note_is_decided_about_once(moot, made):
    first, _ = note(moot, made), note(moot, made)
    ask(moot, made)
    decide(moot, first, CANARY)

    with pytest.raises((WrongState, Conflict)):
        decide(moot, first, "", WHY)
    assert asked(moot, made).notes[0].outcome is Outcome.SHOWN


def test_asking_again_asks_once_and_without_notes_there_is_nothing_to_ask(moot, made):
    assert not ask(moot, made)
    note(moot, made)

    assert ask(moot, made)
    assert ask(moot, made)
    with moot.node.read() as tx:
        assert len(tx.scalars(select(NoteRequest)).all()) == 1


def test_a_note_that_is_written_later_is_asked_for_again(moot, made):
    first = note(moot, made)
    ask(moot, made)
    later = note(moot, made, text="Written later.")

    assert waiting(moot) == [first]
    decide(moot, first, CANARY)
    assert waiting(moot) == []
    assert asked(moot, made).due_at is None

    ask(moot, made)
    assert waiting(moot) == [later]


def test_only_the_member_asks(moot, made):
    note(moot, made)

    with pytest.raises(NotYours):
        releases.ask(moot.node, made.reference, by=moot["cleo"])
    with pytest.raises(NotFound):
        releases.ask(moot.node, made.reference, by=moot["ben"])
    with pytest.raises(NotYours):
        releases.asked(moot.node, made.reference, by=moot["iris"])


def test_those_who_decide_are_warned_and_the_member_hears_of_a_miss(moot, made):
    note(moot, made)
    ask(moot, made)

    assert told(moot, "asks for the notes") == ["gus", "iris", "olga"]
    moot.village.pass_time(days=5)
    assert told(moot, "Two days left") == ["gus", "iris", "olga"]
    moot.village.pass_time(days=2)
    assert told(moot, "time is over") == ["gus", "iris", "olga"]
    assert told(moot, "late, and sorry: the notes") == ["ada"]
    moot.village.pass_time(days=30)
    assert len(told(moot, "time is over")) == 3
    assert asked(moot, made).late


def test_for_a_sealed_note_the_stewards_are_told(moot, made):
    seal(moot, made)
    ask(moot, made)

    assert told(moot, "asks for the notes") == ["dov"]


def test_once_all_is_decided_the_member_is_told_and_nobody_is_warned(moot, made):
    id_ = note(moot, made)
    ask(moot, made)
    decide(moot, id_, CANARY)

    assert told(moot, "The notes about your case") == ["ada"]
    moot.village.pass_time(days=8)
    assert told(moot, "days left") == told(moot, "time is over") == []


def test_whom_a_wall_keeps_from_the_case_learns_of_no_note_of_it(moot, made):
    id_ = note(moot, made)
    wall(moot, made, "iris")
    ask(moot, made)

    assert waiting(moot, "iris") == []
    with pytest.raises(NotFound):
        decide(moot, id_, CANARY)
    assert "iris" not in told(moot, "asks for the notes")


def test_while_a_case_rests_nobody_is_warned_and_nothing_is_decided(moot, made):
    id_ = note(moot, made)
    ask(moot, made)
    restricting.restrict(moot.node, made.reference, by=moot.guest(made))

    with pytest.raises(NotFound):
        decide(moot, id_, CANARY)
    moot.village.pass_time(days=8)
    assert told(moot, "time is over") == []


def test_the_chain_has_each_step_and_no_word_of_a_note(moot, made):
    first, second = note(moot, made), note(moot, made)
    ask(moot, made)
    decide(moot, first, CANARY)
    decide(moot, second, "", WHY)

    found = [dict(it.disclosed).get("action") for it in moot.entries(made)][-3:]
    assert found == ["notes.ask", "notes.show", "notes.keep_back"]


def test_what_was_shown_goes_with_the_case(moot, made):
    id_ = note(moot, made)
    ask(moot, made)
    decide(moot, id_, SHOWN + CANARY, WHY)

    erase(moot, made, wish(Level.CHAIN, 0))
    settle(moot)

    with moot.node.read() as tx:
        assert tx.scalars(select(NoteRelease)).all() == []
        assert tx.scalars(select(NoteRequest)).all() == []
    assert not any(b"caretaker" in raw for raw in stores(moot.node).values())


def test_what_was_shown_outlives_the_erasure_of_one_entry(moot, made):
    id_ = note(moot, made)
    ask(moot, made)
    decide(moot, id_, SHOWN, WHY)
    words = Words(uuid4(), "Forget this.")
    seq = threads.write(moot.node, made.reference, words, by=moot.guest(made)).seq
    settle(moot)

    erase(moot, made, wish(Level.ENTRY, seq))

    (line,) = asked(moot, made).notes
    assert (line.text, line.reason) == (SHOWN, WHY)
