"""What is said about how a case was handled, as plain values."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Said:
    """What a member says: a number from 1 to 5, and words if they like."""

    #: Chosen by the form or the program, so that sending twice says it once.
    id: UUID
    rating: int
    text: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What was said, and what came back."""

    rating: int = field(repr=False)
    text: str = field(repr=False)
    given_at: datetime
    #: Whose work it is about, by name; empty where nobody had the case.
    about: str
    answer: str = field(repr=False)
    answered_by: str
    answered_at: datetime | None
    #: The copy without names that others look at; empty where there is none.
    copy: str = field(repr=False)
    copied_at: datetime | None


@dataclass(frozen=True, slots=True)
class Review:
    """How far others are with a copy; what they found once all of them are done."""

    asked: int
    found: int
    done: bool
    findings: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A copy without names, and whether whoever wrote it looked for some."""

    text: str = field(repr=False)
    looked: bool


@dataclass(frozen=True, slots=True)
class CopyLine:
    """A copy somebody is asked to look at, without a word of it."""

    #: Of what they are asked: it leads to no case.
    id: UUID
    asked_at: datetime
    done: bool


@dataclass(frozen=True, slots=True)
class OpenedCopy(CopyLine):
    """All that whoever looks at a copy reads."""

    text: str = field(repr=False)
    finding: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What one viewer sees, and what they can do."""

    reference: str
    own: bool
    #: None while nobody said anything.
    said: Opinion | None
    #: To its member: the advocate who reads what they say, if there is one.
    about: str
    says: bool
    takes_back: bool
    answers: bool
    #: Whether the viewer can prepare a copy without names.
    copies: bool
    #: To whom it is about and who leads; None where there is no copy.
    review: Review | None
