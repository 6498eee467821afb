"""What every way in hands over, and how much it proves.

A channel proves at most a contact point, never a person; machines are never
answered and never move a case.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Final
from uuid import UUID

from governance.cases import LIVE, State
from governance.errors import FileTooLarge, LanguageInvalid
from governance.people import Contact


class Channel(StrEnum):
    """By which technical way something came in or goes out."""

    WEB = "web"
    EMAIL = "email"
    PHONE = "phone"
    SMS = "sms"
    FEDIVERSE = "fediverse"
    PARTNER = "partner"
    LETTER = "letter"
    IN_PERSON = "in_person"
    OPEN311 = "open311"
    API = "api"


class Source(StrEnum):
    """Where a member met us."""

    TOWN_HALL = "town_hall"
    CLINIC = "clinic"
    EVENT = "event"
    OFFICE = "office"
    DOORSTEP = "doorstep"
    STREET = "street"
    PHONE = "phone"
    VOICEMAIL = "voicemail"
    EMAIL = "email"
    SMS = "sms"
    LETTER = "letter"
    WEB = "web"
    SOCIAL = "social"
    PARTNER = "partner"
    API = "api"


class Identity(StrEnum):
    """How sure we are who speaks."""

    VERIFIED = "verified"
    MATCHED = "matched"
    UNVERIFIED = "unverified"
    ANONYMOUS = "anonymous"


class Machine(StrEnum):
    """Whether a person wrote, or what kind of machine did."""

    HUMAN = "human"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    ABUSE_REPORT = "abuse_report"
    LIST = "list"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a channel that brings bytes hands over before anything comes of it."""

    channel: Channel
    source: Source
    #: What the channel itself calls this delivery.
    transport_id: str
    #: Exactly what came, byte for byte.
    raw: bytes = field(repr=False)
    #: The words that were read out of it; empty where nothing could be read.
    text: str = field(repr=False)
    #: When the channel got it, which is when every pledge begins.
    received_at: datetime
    language: str
    #: How sure the channel is of the sender's contact, and never of a person.
    identity: Identity
    machine: Machine = Machine.HUMAN
    #: Whose contact it came from; None when it came from nowhere one can answer.
    sender: Contact | None = None
    #: The case that a token of ours names, which the channel verified.
    reply_to: UUID | None = None
    #: The messages it says it answers, the last one first.
    answers: tuple[str, ...] = ()
    #: Whether a bounce says that it will never be delivered.
    permanent: bool = False
    #: Whether the channel knows a reason to send no acknowledgement.
    quiet: bool = False

    @property
    def dedupe_key(self) -> bytes:
        """SHA-256 over channel, transport id and the hash of the bytes."""
        framed = f"{self.channel}\0{len(self.transport_id)}\0{self.transport_id}\0"
        return sha256(framed.encode() + sha256(self.raw).digest()).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """The conversation that something proves it belongs to, as the rules see it."""

    state: State
    #: Whether it came from a contact of the thread's own member.
    own: bool
    #: Whether the time to bring the closed case back still runs.
    reopens: bool
    #: How often it was brought back this way within a day.
    brought_back: int


class Course(StrEnum):
    """What comes of something that came in."""

    #: A submission, and a case of its own.
    ANEW = "anew"
    #: The same, and it follows a case that is closed for good.
    FOLLOW = "follow"
    APPEND = "append"
    REOPEN = "reopen"
    #: A machine's answer, kept in the thread and moving nothing.
    NOTE = "note"
    #: What we sent did not arrive.
    UNREACHED = "unreached"
    #: Its reader asks that nothing more is sent.
    SILENCE = "silence"
    #: A machine's, and of no thread: it stays with the channel, for a person.
    ASIDE = "aside"


#: So often a day a message brings a closed case back, so that no machine does for ever.
REOPENS_A_DAY: Final = 3
#: Bytes of one message (RFC 1870 lets a server say so).
LARGEST_MESSAGE: Final = 26_214_400
_GOES_ON: Final = LIVE | {State.RESOLVED}
_OF_MACHINES: Final = {
    Machine.AUTO_REPLY: Course.NOTE,
    Machine.BOUNCE: Course.UNREACHED,
    Machine.ABUSE_REPORT: Course.SILENCE,
}


def course(machine: Machine, thread: Thread | None, *, ours: bool) -> Course:
    """Say what comes of something, from who sent it and the thread it proves.

    `ours`: whether it answers a message of ours, by the id we gave it.

    Subject, name and likeness are no part of it: what only looks as if it belonged
    somewhere is a case of its own, and a person joins them.
    """
    if machine is not Machine.HUMAN:
        return _of_machine(machine, thread, ours=ours)
    if thread is None:
        return Course.ANEW
    if thread.state in _GOES_ON:
        return Course.APPEND
    if thread.state is not State.CLOSED or not thread.own:
        return Course.ANEW
    calm = thread.brought_back < REOPENS_A_DAY
    return Course.REOPEN if thread.reopens and calm else Course.FOLLOW


def _of_machine(machine: Machine, thread: Thread | None, *, ours: bool) -> Course:
    found = _OF_MACHINES.get(machine, Course.ASIDE)
    if found is Course.NOTE:
        goes_on = thread is not None and thread.state in _GOES_ON
        return Course.NOTE if goes_on else Course.ASIDE
    # Whoever knows no message of ours could silence anybody.
    return found if ours else Course.ASIDE


def check_message_size(size: int) -> None:
    """Refuse a message that is larger than any channel of ours takes."""
    if size > LARGEST_MESSAGE:
        raise FileTooLarge("This message is larger than 25 MB. Send less at once.")


_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


def check_language(tag: str) -> str:
    """Return a language tag such as `en` or `pt-BR`, or refuse it."""
    if _LANGUAGE.fullmatch(tag) is None:
        raise LanguageInvalid("Name a language by its tag, for example en or pt-BR.")
    return tag
