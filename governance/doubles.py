"""Whether two cases could be about the same matter, from what was said in them.

A figure only puts a case on a list: that two are one matter, people decide.
"""

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from unicodedata import combining, normalize
from uuid import UUID

#: The design's numbers: no preset names these.
SAME_PERSON: Final = timedelta(days=14)
SAME_PLACE: Final = timedelta(hours=48)
ALIKE: Final = 0.5

_WORD = re.compile(r"[^\W_]+")
_IN_A_ROW = 3
#: Words of one case that are compared; no matter is told in more.
_MOST_WORDS = 2_000


class Reason(StrEnum):
    """Why two cases could be one matter."""

    SAME_WORDS = "same_words"
    SAME_PERSON = "same_person"
    SAME_PLACE = "same_place"
    SAME_RESPONDENT = "same_respondent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is known of a case that another can share."""

    topic: str
    received_at: datetime
    shingles: AbstractSet[str]
    #: None where whoever looks must not learn whose a case is.
    member: UUID | None = None
    #: Where it happened, folded; empty where nobody said.
    place: str = ""
    #: Who outside was asked to put it right, folded.
    asked: AbstractSet[str] = frozenset()


def folded(text: str) -> tuple[str, ...]:
    """Return the words of a text as they are compared."""
    small = normalize("NFKD", normalize("NFKD", text).casefold())
    plain = "".join(sign for sign in small if not combining(sign))
    return tuple(_WORD.findall(plain)[:_MOST_WORDS])


def shingles(text: str) -> frozenset[str]:
    """Return every three words in a row; all of them where there are fewer."""
    words = folded(text)
    last = max(len(words) - _IN_A_ROW + 1, 1 if words else 0)
    return frozenset(" ".join(words[at : at + _IN_A_ROW]) for at in range(last))


def likeness(one: AbstractSet[str], other: AbstractSet[str]) -> float:
    """Say from 0 to 1 how much of what two say is the same."""
    either = len(one | other)
    return len(one & other) / either if either else 0.0


def reasons(one: Said, other: Said) -> tuple[Reason, ...]:
    """Return why two cases could be one matter; nothing where they could not."""
    found = []
    apart = abs(one.received_at - other.received_at)
    same_topic = one.topic == other.topic
    if likeness(one.shingles, other.shingles) >= ALIKE:
        found.append(Reason.SAME_WORDS)
    same_person = one.member is not None and one.member == other.member
    if same_topic and same_person and apart <= SAME_PERSON:
        found.append(Reason.SAME_PERSON)
    same_place = bool(one.place) and one.place == other.place
    if same_topic and same_place and apart <= SAME_PLACE:
        found.append(Reason.SAME_PLACE)
    if same_topic and one.asked & other.asked:
        found.append(Reason.SAME_RESPONDENT)
    return tuple(found)
