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
