"""What every way in hands over, and how much it proves.

A channel proves at most a contact point, never a person; machines are never
answered and never move a case.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from governance.claims import Value
from governance.errors import LanguageInvalid
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
    """What a channel hands over before it is a submission."""

    #: Chosen by the form or the program, so that sending twice submits once.
    id: UUID
    channel: Channel
    source: Source
    #: The member's words exactly as they wrote them.
    text: str
    #: When the channel got it, which is when every pledge begins.
    received_at: datetime
    language: str
    identity: Identity
    machine: Machine = Machine.HUMAN
    #: Where an answer can go; None when the member gave nothing.
    sender: Contact | None = None
    #: What would put it right, in the member's words.
    wanted: str | None = None
    value: Value | None = None
    #: Where it happened, as typed.
    place: str | None = None
    #: Who typed it in for the member, when it was not the member.
    captured_by: UUID | None = None


_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


def check_language(tag: str) -> str:
    """Return a language tag such as `en` or `pt-BR`, or refuse it."""
    if _LANGUAGE.fullmatch(tag) is None:
        raise LanguageInvalid("Name a language by its tag, for example en or pt-BR.")
    return tag
