from io import BytesIO
from uuid import uuid4
from zipfile import ZipFile

import pytest

from governance.cases import Act, State
from governance.errors import (
    Conflict,
    DraftLocked,
    IdempotencyMismatch,
    NotFound,
    NotYours,
    ReasonMissing,
    WordsMissing,
)
from governance.threads import NoteKind
from node import cases, drafting, notes, search, threads
from node.erasing import Level
from node.notes import Noted
from node.threads import Words
from tests.support.erased import erase, left, settle, stores, wish

CANARY = "canary: she sounded afraid of the caretaker"


@pytest.fixture
def made(moot):
    made = moot.tell(contact="ada@mailbox.example")
    moot.bring(made, State.WORKING)
    return made


def note(moot, made, text=CANARY, by="cleo", **more):
    noted = Noted(uuid4(), text, **more)
    notes.write(moot.node, made.reference, noted, by=moot[by])
    return noted


def board(moot, made, by="cleo"):
    return notes.board(moot.node, made.reference, by=moot[by])


def save(moot, made, text, seen, by="cleo"):
    return drafting.save(moot.node, made.reference, text, seen, by=moot[by])


def look(moot, made, by="cleo"):
    return drafting.look(moot.node, made.reference, by=moot[by])


@pytest.mark.capability("4.11")
def test_a_note_is_read_by_who_works_on_the_case_and_who_coordinates(moot, made):
    note(moot, made)

    for reader in ("cleo", "iris"):
        (line,) = board(moot, made, reader)
        assert (line.text, line.who, line.kind) == (CANARY, "Cleo", NoteKind.WORKING)
    for stranger in ("ben", "eve", "dov", "finn"):
        with pytest.raises(NotFound):
            board(moot, made, stranger)


def test_a_sealed_note_shows_the_others_that_it_is_there_and_why(moot, made):
    why = "Her neighbour works here."
    note(moot, made, kind=NoteKind.SEALED, reason=why)

    assert board(moot, made)[0].text == CANARY
    (line,) = board(moot, made, "iris")
    assert (line.text, line.reason, line.kind) == (None, why, NoteKind.SEALED)


def test_a_sealed_note_needs_a_reason_and_every_note_needs_words(moot, made):
    with pytest.raises(ReasonMissing):
        note(moot, made, kind=NoteKind.SEALED, reason=" ")
    with pytest.raises(WordsMissing):
        note(moot, made, text=" ")
    assert board(moot, made) == ()


def test_a_note_sent_twice_is_written_once_and_never_changed(moot, made):
    noted = note(moot, made)
    notes.write(moot.node, made.reference, noted, by=moot["cleo"])

    other = Noted(noted.id, "Something else.")
    with pytest.raises(IdempotencyMismatch):
        notes.write(moot.node, made.reference, other, by=moot["cleo"])
    with pytest.raises(IdempotencyMismatch):
        notes.write(moot.node, made.reference, noted, by=moot["iris"])
    assert len(board(moot, made)) == 1


def test_its_member_neither_writes_nor_knows_of_notes(moot, made):
    note(moot, made)
    guest = moot.guest(made)

    assert notes.board(moot.node, made.reference, by=guest) is None
    with pytest.raises(NotYours):
        notes.write(moot.node, made.reference, Noted(uuid4(), "Mine."), by=guest)


def test_an_advocate_who_may_only_take_a_case_sees_no_notes(moot):
    made = moot.tell()
    moot.bring(made, State.QUEUED)
    note(moot, made, by="iris")

    with pytest.raises(NotFound):
        board(moot, made, "eve")


def test_no_note_and_no_draft_stands_in_anything_that_leaves_the_desk(moot, made):
    note(moot, made)
    save(moot, made, CANARY, 0)
    moot.act(made, Act.ASK_MEMBER, moot["cleo"], text="Since when?")
    settle(moot)
    guest = moot.guest(made)

    assert CANARY not in repr(cases.view(moot.node, made.reference, by=guest))
    archive = cases.bundle(moot.node, made.reference, by=guest)
    with ZipFile(BytesIO(archive)) as bundle:
        assert all(CANARY.encode() not in bundle.read(one) for one in bundle.namelist())
    assert all(CANARY not in str(message) for _, message in moot.village.mails)
    assert all(CANARY.encode() not in leaf for leaf in moot.leaves())
    assert left(moot.node, {"note": CANARY.encode()}) == set()
    search.refresh(moot.node)
    assert left(moot.node, {"note": b"caretaker"}) == set()


def test_notes_and_draft_go_with_their_case(moot, made):
    note(moot, made, kind=NoteKind.SEALED, reason="Why.")
    save(moot, made, CANARY, 0)
    settle(moot)

    erase(moot, made, wish(Level.CHAIN, 0))
    settle(moot)

    assert not any(b"caretaker" in raw for raw in stores(moot.node).values())
    with pytest.raises(NotFound):
        board(moot, made)


def test_notes_and_draft_outlive_the_erasure_of_one_entry(moot, made):
    note(moot, made, kind=NoteKind.SEALED, reason="Why.")
    save(moot, made, "As far as I know", 0)
    words = Words(uuid4(), "Forget this.")
    seq = threads.write(moot.node, made.reference, words, by=moot.guest(made)).seq
    settle(moot)

    erase(moot, made, wish(Level.ENTRY, seq))

    (line,) = board(moot, made)
    assert (line.text, line.reason) == (CANARY, "Why.")
    assert look(moot, made).text == "As far as I know"


@pytest.mark.capability("4.11")
def test_one_person_writes_a_reply_and_the_others_see_who_and_since_when(moot, made):
    since = moot.node.now()
    save(moot, made, "Dear Ann,", 0)
    moot.village.pass_time(minutes=1)
    save(moot, made, "Dear Ann, the office", 1)

    seen = look(moot, made, "iris")
    assert (seen.text, seen.writer, seen.since) == (
        "Dear Ann, the office",
        "Cleo",
        since,
    )
    assert look(moot, made).writer == ""
    with pytest.raises(DraftLocked):
        save(moot, made, "I know better", 2, by="iris")
    assert look(moot, made).text == "Dear Ann, the office"


def test_five_minutes_after_the_last_saving_somebody_else_may_go_on(moot, made):
    save(moot, made, "Dear Ann,", 0)
    moot.village.pass_time(minutes=4)
    version = save(moot, made, "Dear Ann, the office", 1)
    moot.village.pass_time(minutes=4, seconds=59)
    with pytest.raises(DraftLocked):
        save(moot, made, "Mine", version, by="iris")

    moot.village.pass_time(seconds=2)
    save(moot, made, "Dear Ann, we", version, by="iris")

    assert look(moot, made).writer == "Iris"
    with pytest.raises(DraftLocked):
        save(moot, made, "Still mine", version)


def test_an_old_page_never_writes_over_a_newer_reply(moot, made):
    save(moot, made, "First", 0)
    save(moot, made, "Second", 1)

    for stale in (0, 1, 3):
        with pytest.raises(Conflict):
            save(moot, made, "From an old page", stale)
    assert look(moot, made).text == "Second"


def test_a_reply_that_was_sent_leaves_no_draft(moot, made):
    save(moot, made, "Dear Ann,", 0)

    words = Words(uuid4(), "Dear Ann, it is done.")
    threads.reply(moot.node, made.reference, words, by=moot["cleo"])

    assert look(moot, made) == drafting.Draft()
    assert save(moot, made, "Anew", 0) == 1


def test_a_reply_leaves_alone_what_somebody_else_is_writing(moot, made):
    save(moot, made, "From the coordinator", 0, by="iris")
    words = Words(uuid4(), "It is done.")

    threads.reply(moot.node, made.reference, words, by=moot["cleo"])
    assert look(moot, made, "iris").text == "From the coordinator"

    moot.village.pass_time(minutes=6)
    again = Words(uuid4(), "Really.")
    threads.reply(moot.node, made.reference, again, by=moot["cleo"])
    assert look(moot, made, "iris").text == ""


def test_a_draft_is_of_no_use_to_strangers_and_to_the_member(moot, made):
    save(moot, made, "Dear Ann,", 0)

    assert (
        drafting.look(moot.node, made.reference, by=moot.guest(made))
        == drafting.Draft()
    )
    with pytest.raises(NotFound):
        look(moot, made, "ben")
    with pytest.raises(NotYours):
        drafting.save(moot.node, made.reference, "Mine", 1, by=moot.guest(made))
