"""Going on together: what a member agrees to when their case joins a common matter.

Joining says that the matter is common, and nothing more. What others learn of whoever
joins is four questions of their own, each answered apart and taken back apart.
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from governance.cases import LIVE, Act, Outcome, State
from governance.resolutions import Answer, effect

#: From where a case can be one that others join: somebody has read it, and it is here.
JOINABLE: Final = LIVE - {State.RECEIVED, State.TRANSFERRED}
#: The longest words about a common matter: people read them before they join.
LONGEST: Final = 1_000

#: So many who say "not solved", and such a part of those who were asked, open the
#: common matter again (casework, section 8; no bylaws have a number for it yet).
DISPUTES_LEAST: Final = 2
DISPUTES_SHARE: Final = Fraction(1, 5)

_APART: Final = "/"


class Mark(StrEnum):
    """What becomes due when so many joined a common matter; it stays if they leave."""

    #: A coordinator looks whether it is in the right hands.
    REVIEW = "review"
    #: Whoever works on it tells whoever is asked to put it right how many it is.
    RESPONDENT = "respondent"
    #: It is proposed as an item of the assembly's agenda.
    AGENDA = "agenda"


#: After how many joins (casework, section 8; no bylaws have numbers for it yet).
REACHED_AT: Final = {Mark.REVIEW: 5, Mark.RESPONDENT: 10, Mark.AGENDA: 25}


class Scope(StrEnum):
    """What somebody who joins agrees to besides."""

    #: To be one of the number that others read.
    COUNTED = "counted"
    #: That the others who joined read their name.
    JOINERS = "joiners"
    #: That whoever is asked to put it right reads their name.
    RESPONDENT = "respondent"
    #: That whoever works on it writes to them about it.
    CONTACT = "contact"


def recipient(matter: str, scope: Scope | None = None) -> str:
    """Return whom a consent names: the common matter, and what of it."""
    return f"{matter}{_APART}{scope}" if scope else matter


def scope_of(named: str) -> Scope | None:
    """Return what besides joining a consent is for; None for joining itself."""
    _, _, scope = named.partition(_APART)
    return Scope(scope) if scope in set(Scope) else None


class Asking(StrEnum):
    """Where the question stands that each claimant is asked: whether it is solved."""

    ASKED = "asked"
    ANSWERED = "answered"
    #: The time to answer is over. It counts as no answer, never as "solved".
    LAPSED = "lapsed"
    #: They left, or the work went on before they answered.
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Tally:
    """What those say who were asked whether a common matter is solved for them."""

    solved: int = 0
    partly: int = 0
    not_solved: int = 0
    #: Who can still answer; and who did not in time.
    waiting: int = 0
    lapsed: int = 0

    @property
    def answered(self) -> int:
        """How many gave an answer, whichever."""
        return self.solved + self.partly + self.not_solved

    @property
    def asked(self) -> int:
        """How many were asked, and did not leave instead of an answer."""
        return self.answered + self.waiting + self.lapsed


def disputes(tally: Tally) -> bool:
    """Say whether so many say "not solved" that the common matter is not."""
    enough = tally.not_solved >= DISPUTES_SHARE * tally.asked
    return enough and tally.not_solved >= DISPUTES_LEAST


def settle(tally: Tally) -> tuple[Act, Outcome | None] | None:
    """Return what the answers do to a common matter; None while it waits for more.

    Whoever said "not solved" has their own case back: as what the matter closes,
    the others said.
    """
    if disputes(tally):
        return effect([Answer.NOT_SOLVED])
    if tally.waiting or not tally.solved + tally.partly:
        return None
    return effect([Answer.PARTLY] if tally.partly else [Answer.SOLVED])


def marks(joined: int) -> frozenset[Mark]:
    """Return what has become due for a common matter that so many joined."""
    return frozenset(mark for mark, at in REACHED_AT.items() if joined >= at)
