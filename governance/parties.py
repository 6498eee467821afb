"""Who is in a case besides its member: named by the member, and willing themselves.

Until both said yes nothing private is shown or sent. A party sees what was named for
them and nothing else, and nothing after it has ended.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from governance.errors import ChoiceInvalid, NotYours, WrongState

#: The design names no number: so many parties a case has at a time, at most.
MOST: Final = 10
LONGEST_NAME: Final = 120


class Role(StrEnum):
    """As what somebody is in a case of somebody else."""

    #: Speaks for the member, in their thread and under an own name.
    REPRESENTATIVE = "representative"
    #: Reads what they may, and says nothing there.
    HELPER = "helper"
    #: Says what they know; it becomes a paper of the case.
    WITNESS = "witness"


class Share(StrEnum):
    """The classes of data that a party may be shown."""

    #: Where the case stands, and what was promised next.
    STATE = "state"
    #: What was told and written, both ways.
    MESSAGES = "messages"
    FILES = "files"


class Standing(StrEnum):
    """How far it is with a party."""

    #: Somebody at the desk proposes them; the member has not said yes.
    PROPOSED = "proposed"
    #: The member wants them; they have not said yes.
    ASKED = "asked"
    PRESENT = "present"
    ENDED = "ended"


class Ending(StrEnum):
    """How it ended with a party."""

    #: The member did not want whom the desk proposed.
    REFUSED = "refused"
    #: They did not want it themselves.
    DECLINED = "declined"
    LEFT = "left"
    #: The member ended it.
    REMOVED = "removed"


#: Who writes in the case's thread.
WRITES: Final = frozenset({Role.REPRESENTATIVE, Role.WITNESS})
#: Whose words are the member's side of the conversation, and are promised an answer.
SPEAKS: Final = frozenset({Role.REPRESENTATIVE})


class Party(Protocol):
    """The facts about a party that the rules look at."""

    @property
    def agreed_at(self) -> datetime | None:
        """When the member said yes."""

    @property
    def confirmed_at(self) -> datetime | None:
        """When they said yes themselves."""

    @property
    def ended_at(self) -> datetime | None:
        """When it ended, if it has."""


def standing(party: Party) -> Standing:
    """Say how far it is with a party."""
    if party.ended_at is not None:
        return Standing.ENDED
    if party.agreed_at is None:
        return Standing.PROPOSED
    return Standing.ASKED if party.confirmed_at is None else Standing.PRESENT


def shares(typed: Iterable[str]) -> tuple[Share, ...]:
    """Return the classes of data that were chosen, each once; refuse all others."""
    chosen = set(typed)
    if not chosen <= set(Share):
        raise ChoiceInvalid("Choose what they may see.", field="fields")
    return tuple(one for one in Share if one in chosen)


def role(typed: str) -> Role:
    """Return the role that was chosen, or refuse."""
    if typed not in set(Role):
        raise ChoiceInvalid("Choose what they are in the case.", field="role")
    return Role(typed)


def check_name(typed: str) -> str:
    """Return a name on one line; nobody is in a case without one."""
    name = " ".join(typed.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        problem = f"Say who it is, with at most {LONGEST_NAME} signs."
        raise ChoiceInvalid(problem, field="name")
    return name


def check_room(there: int) -> None:
    """Refuse more parties than one case has."""
    if there >= MOST:
        raise WrongState(f"A case has at most {MOST} others. End it with one first.")


def check_writes(party: Party, role: Role) -> None:
    """Refuse the words of whoever has no say in a case, or not yet."""
    if standing(party) is not Standing.PRESENT or role not in WRITES:
        raise NotYours("You can read here what the member shows you, and no more.")


def visible(party: Party, fields: AbstractSet[Share]) -> frozenset[Share]:
    """Return what a party is shown now: nothing before both said yes, or after."""
    present = standing(party) is Standing.PRESENT
    return frozenset(fields) if present else frozenset()
