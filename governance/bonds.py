"""How two cases hang together, and when one goes along with the other.

A bond changes neither case: no state, no promise, no word. So taking it back leaves
both as they were, and each promise counts from when it was made.
"""

from enum import StrEnum
from typing import Final

from governance.cases import LIVE, State
from governance.errors import WrongState


class BondKind(StrEnum):
    """How a case hangs together with another."""

    SAME_MATTER = "same_matter"
    FOLLOWS = "follows"
    PART_OF = "part_of"
    RELATED = "related"


#: What two say of each other alike; of the others, one goes before the other.
MUTUAL: Final = frozenset({BondKind.SAME_MATTER, BondKind.RELATED})
#: Nobody has it, so somebody else can have it with theirs.
GOES_ALONG: Final = frozenset({State.QUEUED})
#: While this is where the other stands, somebody looks after both.
LEADS: Final = LIVE - {State.RECEIVED, State.TRANSFERRED}
#: Of these nothing is left to hang together with.
_GONE: Final = frozenset({State.DISCARDED, State.ERASED})


def check_bond(one: State, other: State) -> None:
    """Refuse to link what was put aside or erased."""
    if {one, other} & _GONE:
        raise WrongState("One of these cases was put aside or erased.")


def check_merge(one: State, other: State) -> None:
    """Refuse a merge that would take a case from somebody, or leave it to nobody."""
    if one not in GOES_ALONG:
        raise WrongState("Only a case that waits in the queue goes along with another.")
    if other not in LEADS:
        raise WrongState("Nobody works on the other case: it cannot take one along.")
