from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from governance.cases import Part, State
from governance.errors import (
    ChoiceInvalid,
    DraftLocked,
    NotYours,
    ReasonMissing,
    WrongState,
)
from governance.intake import Channel
from governance.threads import (
    SPOKEN,
    WRITES,
    Direction,
    MessageKind,
    NoteKind,
    answers,
    check_lock,
    check_note,
    check_spoken,
    check_writing,
)

ADA, BEN = UUID(int=1), UUID(int=2)
ENDED = {State.CLOSED, State.DISCARDED, State.ERASED}


@dataclass(frozen=True)
class Written:
    direction: Direction = Direction.OUT
    human: bool = True
    person_id: UUID = ADA


@pytest.mark.parametrize("kind", MessageKind)
@pytest.mark.parametrize("part", Part)
def test_each_part_writes_only_its_kinds_of_message(part, kind):
    if kind in WRITES.get(part, ()):
        direction = check_writing(State.WORKING, kind, by=part)
        assert direction is (Direction.IN if part is Part.MEMBER else Direction.OUT)
    else:
        with pytest.raises(NotYours):
            check_writing(State.WORKING, kind, by=part)


def test_only_people_answer_and_only_machines_acknowledge():
    assert MessageKind.REPLY not in WRITES[Part.RULE]
    assert {part for part, kinds in WRITES.items() if MessageKind.ACK in kinds} == {
        Part.RULE
    }
    assert WRITES[Part.MEMBER] == {MessageKind.REPLY}


def test_only_its_advocate_says_that_a_case_is_resolved():
    assert [
        part for part, kinds in WRITES.items() if MessageKind.RESOLUTION in kinds
    ] == [Part.ADVOCATE]


@pytest.mark.parametrize("state", State)
def test_a_member_writes_as_long_as_the_case_is_open(state):
    if state in ENDED:
        with pytest.raises(WrongState, match="Reopen"):
            check_writing(state, MessageKind.REPLY, by=Part.MEMBER)
    else:
        assert check_writing(state, MessageKind.REPLY, by=Part.MEMBER)


def test_after_closing_nobody_but_the_program_writes():
    for part in (Part.MEMBER, Part.ADVOCATE, Part.COORDINATOR):
        with pytest.raises(WrongState):
            check_writing(State.CLOSED, MessageKind.REPLY, by=part)

    assert check_writing(State.CLOSED, MessageKind.UPDATE, by=Part.RULE)


@pytest.mark.capability("2.2")
def test_only_a_persons_message_to_this_member_answers_them():
    assert answers(Written(), member=ADA)
    assert not answers(Written(human=False), member=ADA)
    assert not answers(Written(direction=Direction.IN), member=ADA)
    assert not answers(Written(person_id=BEN), member=ADA)


def test_only_a_note_that_is_hidden_from_colleagues_needs_a_reason():
    check_note(NoteKind.WORKING, "")
    check_note(NoteKind.SEALED, "It names a colleague.")

    with pytest.raises(ReasonMissing):
        check_note(NoteKind.SEALED, " \n")


def test_a_reply_is_written_by_one_person_until_their_time_is_over():
    mine, theirs = UUID(int=1), UUID(int=2)
    until = datetime(2026, 3, 2, 10, 5, tzinfo=UTC)
    before = until - timedelta(milliseconds=1)

    check_lock(mine, mine, until, at=before)
    check_lock(theirs, mine, until, at=until)
    with pytest.raises(DraftLocked):
        check_lock(theirs, mine, until, at=before)


@pytest.mark.parametrize("channel", sorted(SPOKEN))
@pytest.mark.parametrize("minutes", [0, 30, 60])
def test_what_is_spoken_happened_since_the_case_came_in(channel, minutes):
    since = datetime(2026, 3, 2, 10, 0, 30, tzinfo=UTC)
    happened = datetime(2026, 3, 2, 10, minutes % 60, tzinfo=UTC)

    check_spoken(channel, happened, since=since, at=since + timedelta(hours=1))


@pytest.mark.parametrize(
    ("channel", "minutes"),
    [(Channel.EMAIL, 1), (Channel.WEB, 1), (Channel.PHONE, -1), (Channel.PHONE, 61)],
)
def test_what_cannot_have_been_spoken_is_refused(channel, minutes):
    since = datetime(2026, 3, 2, 10, tzinfo=UTC)
    happened = since + timedelta(minutes=minutes)

    with pytest.raises(ChoiceInvalid):
        check_spoken(channel, happened, since=since, at=since + timedelta(hours=1))
