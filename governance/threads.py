"""Who writes to whom in a case.

One thread is one person's private conversation on one case. Machines and people
are told apart for ever: only a person's words answer a member.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from governance.cases import LIVE, Part, State
from governance.errors import (
    ChoiceInvalid,
    DraftLocked,
    NotYours,
    ReasonMissing,
    WrongState,
)
from governance.intake import Channel


class MessageKind(StrEnum):
    """What a message is for."""

    ACK = "ack"
    REPLY = "reply"
    QUESTION = "question"
    RESOLUTION = "resolution"
    UPDATE = "update"
    ASK = "ask"


class NoteKind(StrEnum):
    """Who reads a note of the desk."""

    #: Whoever works on the case and coordinates; the member on request.
    WORKING = "working"
    #: Its author alone. That it is there, and why, others at the desk may know.
    SEALED = "sealed"


class Direction(StrEnum):
    """Which way a message goes, seen from the community."""

    IN = "in"
    OUT = "out"


class Message(Protocol):
    """The facts about a message that the rules look at."""

    @property
    def direction(self) -> Direction:
        """Which way it goes."""

    @property
    def human(self) -> bool:
        """Whether a person wrote it, and no rule or machine."""

    @property
    def person_id(self) -> UUID:
        """The one person whose thread it stands in."""


#: Which kinds of message each part writes. Stewards and peers write in no thread.
WRITES: dict[Part, frozenset[MessageKind]] = {
    Part.MEMBER: frozenset({MessageKind.REPLY}),
    Part.ADVOCATE: frozenset(
        {
            MessageKind.REPLY,
            MessageKind.QUESTION,
            MessageKind.RESOLUTION,
            MessageKind.UPDATE,
        }
    ),
    Part.COORDINATOR: frozenset(
        {MessageKind.REPLY, MessageKind.QUESTION, MessageKind.UPDATE}
    ),
    Part.RULE: frozenset({MessageKind.ACK, MessageKind.UPDATE, MessageKind.ASK}),
}

#: By which ways people speak that no machine here carries: somebody writes it down.
SPOKEN = frozenset({Channel.PHONE, Channel.LETTER, Channel.IN_PERSON})

#: How long somebody who writes a reply has it for themselves; saving renews it.
LOCK = timedelta(minutes=5)

#: Where a conversation goes on. After closing, new words reopen or open a case.
OPEN = LIVE | {State.RESOLVED}


def check_writing(
    state: State, kind: MessageKind, *, by: Part, joined: bool = False
) -> Direction:
    """Return which way a message goes, or refuse it.

    Whoever joined others is told how that goes on, though their own case is closed.
    """
    if kind not in WRITES.get(by, frozenset()):
        raise NotYours(f"In a case, a {by} does not write: {kind}.", by=by, kind=kind)
    told = joined and kind is MessageKind.UPDATE
    if by is not Part.RULE and state not in OPEN and not told:
        raise WrongState(
            f"A case that is {state} takes no new messages. Reopen it first.",
            state=state,
        )
    return Direction.IN if by is Part.MEMBER else Direction.OUT


def check_spoken(
    channel: Channel, happened: datetime, *, since: datetime, at: datetime
) -> None:
    """Refuse what cannot have been: by no such way, to come, or before the case."""
    if channel not in SPOKEN:
        raise ChoiceInvalid("Choose a call, a letter or a talk.", field="channel")
    # People name the minute; the case knows the second.
    if not since.replace(second=0, microsecond=0) <= happened <= at:
        raise ChoiceInvalid(
            "Say when it was: since the case came in, and not after now.", field="at"
        )


def check_note(kind: NoteKind, reason: str) -> None:
    """Refuse a note that is hidden from the others at the desk without a reason."""
    if kind is NoteKind.SEALED and not reason.strip():
        raise ReasonMissing("Say why nobody else shall read this note.")


def check_lock(who: UUID, holder: UUID, until: datetime, *, at: datetime) -> None:
    """Refuse whoever would write into a reply that somebody else is writing."""
    if who != holder and at < until:
        raise DraftLocked("Somebody else is writing this reply just now.")


def answers(message: Message, *, member: UUID) -> bool:
    """Say whether a message is a human answer to this member."""
    return (
        message.human
        and message.direction is Direction.OUT
        and message.person_id == member
    )
