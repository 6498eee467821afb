"""Whether an act may happen to a case now, by this person, with what they bring.

On their own case a person is its member and nothing else, whatever roles they
hold; somebody assigned is its advocate; everybody else acts for the desk.
"""

from collections.abc import Set as AbstractSet
from enum import StrEnum
from uuid import UUID

from governance.cases.model import Act, Kind, Outcome, Part, State
from governance.cases.table import MOVES, Move, Need
from governance.errors import (
    ChoiceInvalid,
    ConsentMissing,
    NoMessage,
    NotYours,
    ReasonMissing,
    Refusal,
    SecondPerson,
    WrongState,
)

#: What is said when something is missing, in the order it is asked for.
_WITHOUT: dict[Need, tuple[type[Refusal], str]] = {
    Need.TRIAGE: (ChoiceInvalid, "Choose kind, topic, priority, place and team."),
    Need.WHOM: (ChoiceInvalid, "Say who was asked, and for what."),
    Need.DATE: (ChoiceInvalid, "Choose a date to come back to this."),
    Need.OFFER: (ChoiceInvalid, "Say why this person, and until when the offer holds."),
    Need.REASON: (ReasonMissing, "Give a reason. The member can read it."),
    Need.NOTE: (ReasonMissing, "Leave a note for whoever takes over."),
    Need.MESSAGE: (NoMessage, "Write to the member first; nothing ends in silence."),
    Need.CONSENT: (ConsentMissing, "The member has not agreed to this."),
    Need.SECOND_PERSON: (SecondPerson, "A second person must agree first."),
}


class Composite(StrEnum):
    """Acts that people do in one go, in one transaction."""

    TAKE = "take"
    REASSIGN = "reassign"
    ANSWER_NOW = "answer_now"
    CHANGE_ADVOCATE = "change_advocate"


#: The single acts of each composite; every one is checked and recorded.
COMPOSITES: dict[Composite, tuple[Act, ...]] = {
    Composite.TAKE: (Act.ASSIGN, Act.ACCEPT),
    Composite.REASSIGN: (Act.RELEASE, Act.ASSIGN),
    Composite.ANSWER_NOW: (Act.ASSIGN, Act.ACCEPT, Act.RESOLVE),
    Composite.CHANGE_ADVOCATE: (Act.DISPUTE, Act.RELEASE),
}

#: The kinds of case that one human sentence can answer.
ANSWER_NOW_KINDS = frozenset({Kind.QUESTION, Kind.THANKS, Kind.INFORMATION})

#: What leads to erasure at once, from the states that `withdraw` does not leave.
_ERASURE: dict[State, tuple[Act, ...]] = {
    State.RESOLVED: (Act.LAPSE, Act.ERASE),
    State.CLOSED: (Act.ERASE,),
    State.DISCARDED: (Act.PURGE,),
    State.ERASED: (),
}


def move(state: State | None, act: Act, *, by: Part) -> Move:
    """Return what the act does to a case, or refuse what is not in `MOVES`."""
    listed = MOVES.get((state, act))
    if listed is None:
        raise WrongState(_not_now(state, act), state=state or "", act=act)
    if by not in listed.by:
        who = ", ".join(sorted(listed.by))
        raise NotYours(f"To {_said(act)} is for: {who}.", act=act, who=who)
    return listed


def part_of(
    state: State | None, act: Act, *, by: UUID, member: UUID, advocate: UUID | None
) -> Part:
    """Say in which part a person with the right to an act does it here."""
    if by == member:
        return Part.MEMBER
    if state is None or (by == advocate and _is_for(Part.ADVOCATE, state, act)):
        return Part.ADVOCATE
    only_steward = _is_for(Part.STEWARD, state, act) and not _is_for(
        Part.COORDINATOR, state, act
    )
    return Part.STEWARD if only_steward else Part.COORDINATOR


def _is_for(part: Part, state: State | None, act: Act) -> bool:
    listed = MOVES.get((state, act))
    return listed is not None and part in listed.by


def verb(act: Act) -> str:
    """Return the verb that `decide` knows an act by."""
    return f"case.{act}"


def check_needs(listed: Move, given: AbstractSet[Need]) -> None:
    """Refuse a move that comes without something it needs."""
    for need, (refusal, reason) in _WITHOUT.items():
        if need in listed.needs - given:
            raise refusal(reason)


def check_outcome(listed: Move, outcome: Outcome | None) -> None:
    """Refuse to close a case as something that this move cannot close it as."""
    if outcome is None and not listed.outcomes:
        return
    if outcome not in listed.outcomes:
        choices = ", ".join(sorted(listed.outcomes)) or "nothing"
        raise ChoiceInvalid(f"This act closes a case as: {choices}.")


def check_second_person(second: UUID, *, by: UUID, advocate: UUID | None) -> None:
    """Refuse a second person who is the first, or the case's own advocate."""
    if second in {by, advocate}:
        raise SecondPerson("Somebody else, who does not work on it, must agree.")


def erasure(state: State) -> tuple[Act, ...]:
    """Return the acts that erase a case on demand from where it stands."""
    return _ERASURE.get(state, (Act.WITHDRAW, Act.ERASE))


def _said(word: Act | State) -> str:
    return word.replace("_", " ")


def _not_now(state: State | None, act: Act) -> str:
    where = "does not exist yet" if state is None else f"is {_said(state)}"
    return f"A case that {where} does not allow: {_said(act)}."
