"""Who must not know of a case, or only as the person it is about.

On their own case a person is its member and nothing else. For somebody walled the
case does not exist: no row, no count, no name, no difference in time.
"""

import re
import unicodedata
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

#: A total over fewer cases than this says too much to somebody behind a wall.
FEWEST: Final = 3
#: So many words of a text are looked at, and so many in a row are compared.
_MOST_WORDS, _LONGEST_NAME = 60, 8
_SHORTEST_NAME = 3
_WORD = re.compile(r"[^\W_]+")


class Sight(StrEnum):
    """As what somebody can see a case, if their rights let them see it at all."""

    MEMBER = "member"
    DESK = "desk"
    NOTHING = "nothing"


class InterestKind(StrEnum):
    """What somebody at the desk has to do with, outside of it."""

    PERSON = "person"
    KIN = "kin"
    ADDRESS = "address"
    BODY = "body"
    EMPLOYER = "employer"


class Cause(StrEnum):
    """Why somebody must not come near a case."""

    #: They or their household told it, whatever address they told it from.
    HOUSEHOLD = "household"
    #: Its member wants them in it, or they have been: as a witness, for one.
    PARTY = "party"
    #: They are asked in it, or what is asked of somebody concerns them.
    RESPONDENT = "respondent"
    #: They said themselves that they have to do with somebody or something in it.
    INTEREST = "interest"
    #: Somebody at the desk said so.
    CHALLENGE = "challenge"
    #: The member does not want them.
    VETO = "veto"


#: What follows from who somebody is: nobody here decides about it.
ABSOLUTE: Final = frozenset({Cause.HOUSEHOLD, Cause.PARTY, Cause.RESPONDENT})


@dataclass(frozen=True, slots=True)
class Walls:
    """Who is in a case, and who must not come near it."""

    members: AbstractSet[UUID]
    walled: AbstractSet[UUID] = frozenset()


def visible(person: UUID, walls: Walls) -> Sight:
    """Say as what a person may see a case. A wall never hides one's own case."""
    if person in walls.members:
        return Sight.MEMBER
    return Sight.NOTHING if person in walls.walled else Sight.DESK


def shown_total(total: int, *, hides: bool) -> int | None:
    """Return a total as somebody may know it; None when it is withheld.

    Beside what others say, a small total would tell of the case behind the wall.
    """
    return None if hides and total < FEWEST else total


def stands_at_once(cause: Cause, *, own: bool = False) -> bool:
    """Say whether a wall stands before anybody has decided about it.

    What one says of a colleague waits for a decision; what one says of oneself, what
    the member wants, and what is known does not.
    """
    return own or cause is not Cause.CHALLENGE


def may_decide(person: UUID, about: UUID, raised_by: UUID | None, walls: Walls) -> bool:
    """Say whether somebody is far enough from a wall to decide about it."""
    if person in {about, raised_by}:
        return False
    return visible(person, walls) is Sight.DESK


def folded(text: str) -> tuple[str, ...]:
    """Return the words of a text as they are compared, at most so many."""
    small = unicodedata.normalize("NFKD", text).casefold()
    apart = unicodedata.normalize("NFKD", small)
    plain = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return tuple(_WORD.findall(plain)[:_MOST_WORDS])


def name_of(text: str) -> str | None:
    """Return a subject as it is compared; None for what would fit everything."""
    words = folded(text)
    name = " ".join(words)
    fits = len(words) <= _LONGEST_NAME and len(name) >= _SHORTEST_NAME
    return name if fits else None


def phrases(text: str) -> Iterator[str]:
    """Yield everything in a text that a subject could be, each once."""
    words = folded(text)
    seen = set[str]()
    for start in range(len(words)):
        for end in range(start + 1, min(start + _LONGEST_NAME, len(words)) + 1):
            phrase = " ".join(words[start:end])
            if phrase not in seen:
                seen.add(phrase)
                yield phrase
