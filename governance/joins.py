"""Going on together: what a member agrees to when their case joins a common matter.

Joining says that the matter is common, and nothing more. What others learn of whoever
joins is four questions of their own, each answered apart and taken back apart.
"""

from enum import StrEnum
from typing import Final

from governance.cases import LIVE, State

#: From where a case can be one that others join: somebody has read it, and it is here.
JOINABLE: Final = LIVE - {State.RECEIVED, State.TRANSFERRED}
#: The longest words about a common matter: people read them before they join.
LONGEST: Final = 1_000

_APART: Final = "/"


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
